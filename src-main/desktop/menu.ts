// The native menu, with each platform's own shortcuts.
import type { MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  newVm(): void;
  openSettings(): void;
  showLibrary(): void;
  openLink(url: string): void;
}

/** Pure: `Menu.buildFromTemplate` takes it from here. */
export function menuTemplate(
  platform: NodeJS.Platform,
  actions: MenuActions,
  options: { developer: boolean },
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const settings: MenuItemConstructorOptions = {
    label: mac ? 'Settings…' : 'Settings',
    accelerator: 'CmdOrCtrl+,',
    click: () => actions.openSettings(),
  };
  const appMenu: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      settings,
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
  const fileMenu: MenuItemConstructorOptions = {
    label: '&File',
    submenu: [
      { label: 'New Virtual Machine…', accelerator: 'CmdOrCtrl+N', click: () => actions.newVm() },
      { label: 'Library', accelerator: 'CmdOrCtrl+L', click: () => actions.showLibrary() },
      { type: 'separator' },
      ...(mac ? [] : [settings, { type: 'separator' } as const]),
      // Elsewhere the Window menu has it.
      mac ? { role: 'close' } : { role: 'quit' },
    ],
  };
  return [
    ...(mac ? [appMenu] : []),
    fileMenu,
    { role: 'editMenu' },
    viewMenu(options.developer),
    { role: 'windowMenu' },
    helpMenu(actions, mac),
  ];
}

function viewMenu(developer: boolean): MenuItemConstructorOptions {
  return {
    label: '&View',
    submenu: [
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      ...(developer ? [{ type: 'separator' } as const, { role: 'toggleDevTools' } as const] : []),
    ],
  };
}

function helpMenu(actions: MenuActions, mac: boolean): MenuItemConstructorOptions {
  return {
    role: 'help',
    submenu: [
      {
        label: 'QEMU Documentation for Arm',
        click: () => actions.openLink('https://www.qemu.org/docs/master/system/target-arm.html'),
      },
      ...(mac ? [] : [{ type: 'separator' } as const, { role: 'about' } as const]),
    ],
  };
}
