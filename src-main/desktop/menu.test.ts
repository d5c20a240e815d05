// The menu has each platform's own entries, and every entry of ours does something.
import type { MenuItemConstructorOptions } from 'electron';
import { expect, it } from 'vitest';
import { menuTemplate } from './menu.ts';

function flatten(items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flatten(item.submenu) : [])]);
}

function entries(platform: NodeJS.Platform, developer = false) {
  const done: string[] = [];
  const items = flatten(
    menuTemplate(
      platform,
      {
        newVm: () => done.push('new'),
        openSettings: () => done.push('settings'),
        showLibrary: () => done.push('library'),
        openLink: (url) => done.push(url),
      },
      { developer },
    ),
  );
  return { items, done };
}

it.each(['linux', 'darwin', 'win32'] as const)('%s: each entry of ours acts, once each', (platform) => {
  const { items, done } = entries(platform);
  for (const item of items) (item.click as (() => void) | undefined)?.();
  expect([...done].sort()).toEqual([
    'https://www.qemu.org/docs/master/system/target-arm.html',
    'library',
    'new',
    'settings',
  ]);
  const accelerators = items.flatMap(({ accelerator }) => accelerator ?? []);
  expect(new Set(accelerators).size).toBe(accelerators.length);
});

it('macOS has its application menu, with Quit and Settings there', () => {
  const [first] = menuTemplate(
    'darwin',
    { newVm() {}, openSettings() {}, showLibrary() {}, openLink() {} },
    { developer: false },
  );
  expect(first?.role).toBe('appMenu');
  const inside = flatten([first ?? {}]).map(({ role, label }) => role ?? label);
  expect(inside).toEqual(expect.arrayContaining(['quit', 'Settings…', 'hide']));
});

it('elsewhere Quit is in the File menu', () => {
  const roles = entries('linux').items.map(({ role }) => role);
  expect(roles).toContain('quit');
  expect(roles).not.toContain('appMenu');
});

it('developer tools are for developers', () => {
  expect(entries('linux', true).items.map(({ role }) => role)).toContain('toggleDevTools');
  expect(entries('linux', false).items.map(({ role }) => role)).not.toContain('toggleDevTools');
});
