// The screens that are not the library, each loaded when it is first shown: the list of machines comes first.
import { type ComponentType, createElement, lazy, Suspense } from 'react';
import { untilConnected } from './client/connection.ts';
import { vms } from './stores/vms.ts';

const loads: (() => Promise<unknown>)[] = [];

/** Shows nothing while it loads, and leaves what is around it as it is. */
function screen<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  loads.push(load);
  const Loaded: ComponentType<Props> = lazy(async () => ({ default: await persistently(load) }));
  return (props) => <Suspense>{createElement(Loaded, props)}</Suspense>;
}

/** A server that is away for a moment must not leave a hole where the screen would be. */
async function persistently<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  try {
    return await load();
  } catch {
    await untilConnected(new AbortController().signal);
    return load();
  }
}

export const BoardPicker = screen(
  async () => (await import('./features/boards/board-picker.tsx')).BoardPicker,
);
export const ConsolePicture = screen(
  async () => (await import('./features/console/console-picture.tsx')).ConsolePicture,
);
export const ConsolePreview = screen(
  async () => (await import('./features/console/console-preview.tsx')).ConsolePreview,
);
export const ConsoleView = screen(
  async () => (await import('./features/console/console-view.tsx')).ConsoleView,
);
export const ConsoleWindow = screen(
  async () => (await import('./features/console/console-window.tsx')).ConsoleWindow,
);
export const FileField = screen(async () => (await import('./features/files/file-field.tsx')).FileField);
export const Machine = screen(async () => (await import('./features/machine/machine.tsx')).Machine);
export const SettingsPage = screen(
  async () => (await import('./features/settings/settings.tsx')).SettingsPage,
);
export const SnapshotDialogs = screen(
  async () => (await import('./features/snapshots/dialogs.tsx')).SnapshotDialogs,
);
export const SnapshotsTab = screen(
  async () => (await import('./features/snapshots/snapshots-tab.tsx')).SnapshotsTab,
);
export const Wizard = screen(async () => (await import('./features/wizard/wizard.tsx')).Wizard);

/** The page has been looked at for a while, and nothing was asked of it. */
const settledMs = 3000;

/** Fetches them all once the page has nothing else to do, so that the first click does not wait. */
export function loadScreensWhenIdle(): void {
  const loadAll = () => {
    // One that cannot be had now is asked for again when it is shown.
    for (const load of loads) load().catch(() => undefined);
  };
  const whenIdle = () => {
    // Safari has no idle callbacks.
    if ('requestIdleCallback' in window) window.requestIdleCallback(loadAll, { timeout: 5000 });
    else loadAll();
  };
  // The library's machines come first, and whatever is opened at once.
  const stop = vms.subscribe(({ known }) => {
    if (!known) return;
    stop();
    setTimeout(whenIdle, settledMs);
  });
}
