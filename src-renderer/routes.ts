// The addresses inside of the page, as hash routes, and going to them.
import { useSyncExternalStore } from 'react';
import type { WizardSource } from '../src-main/contract/vm.ts';

export const machineTabs = [
  'overview',
  'console',
  'snapshots',
  'hardware',
  'board',
  'command',
  'log',
] as const;
export type MachineTab = (typeof machineTabs)[number];

const wizardKinds = ['sample', 'kernel', 'firmware', 'iso', 'disk'] as const satisfies WizardSource['kind'][];
type WizardKind = (typeof wizardKinds)[number];

export type Route =
  | { page: 'library' }
  /** `console` names the UART that the Console tab shows. */
  | { page: 'vm'; id: string; tab: MachineTab; console?: string }
  /** A console's own window. */
  | { page: 'console'; id: string; console: string }
  /** `source`: what to run, chosen before the wizard opened. */
  | { page: 'new'; source?: WizardKind }
  | { page: 'settings' };

export function parseRoute(hash: string): Route {
  const [page, id, third, fourth] = hash
    .replace(/^#\/?/, '')
    .split('/')
    .map((part) => decode(part));
  if (page === 'vm' && id) {
    const tab = machineTabs.find((candidate) => candidate === third) ?? 'overview';
    return fourth ? { page, id, tab, console: fourth } : { page, id, tab };
  }
  if (page === 'console' && id && third) return { page, id, console: third };
  if (page === 'new') {
    const source = wizardKinds.find((candidate) => candidate === id);
    return source ? { page, source } : { page };
  }
  if (page === 'settings') return { page };
  return { page: 'library' };
}

export function formatRoute(route: Route): string {
  switch (route.page) {
    case 'library':
      return '#/';
    case 'vm':
      return `#/${['vm', route.id, route.tab, ...(route.console ? [route.console] : [])].map(encodeURIComponent).join('/')}`;
    case 'console':
      return `#/console/${encodeURIComponent(route.id)}/${encodeURIComponent(route.console)}`;
    case 'new':
      return route.source ? `#/new/${route.source}` : '#/new';
    case 'settings':
      return '#/settings';
  }
}

export function navigate(route: Route): void {
  window.location.hash = formatRoute(route);
}

/** The route of the page now; renders again when it changes. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(onHashChange, () => window.location.hash);
  return parseRoute(hash);
}

function onHashChange(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

/** A hand-made address may hold a stray percent sign. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
