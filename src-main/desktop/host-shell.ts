// What the desktop lends the app core: file dialogs, the system's trash, console windows, the web browser.
import { type BrowserWindow, dialog, type OpenDialogOptions, type SaveDialogOptions, shell } from 'electron';
import { isWebLink } from './page-url.ts';
import type { Windows } from './windows.ts';

export interface HostShell {
  chooseFile(options: { title: string; extensions: string[] }): Promise<string | null>;
  saveFile(options: { suggestedName: string }): Promise<string | null>;
  trash(path: string): Promise<void>;
  openConsoleWindow(vmId: string, console: string): void;
  openLink(url: string): Promise<void>;
}

/** `windows` is asked when something is wanted: the core, which gets this shell, is there before any window. */
export function createHostShell(windows: () => Windows | undefined): HostShell {
  const front = () => windows()?.front();
  return {
    async chooseFile({ title, extensions }) {
      const filters = extensions.length === 0 ? [] : [{ name: title, extensions }];
      const options: OpenDialogOptions = {
        title,
        properties: ['openFile', 'showHiddenFiles'],
        filters: [...filters, { name: 'All files', extensions: ['*'] }],
      };
      const { filePaths } = await onTopOf(front(), {
        window: (owner) => dialog.showOpenDialog(owner, options),
        none: () => dialog.showOpenDialog(options),
      });
      return filePaths[0] ?? null;
    },
    async saveFile({ suggestedName }) {
      const options: SaveDialogOptions = { defaultPath: suggestedName };
      const { canceled, filePath } = await onTopOf(front(), {
        window: (owner) => dialog.showSaveDialog(owner, options),
        none: () => dialog.showSaveDialog(options),
      });
      return canceled ? null : filePath;
    },
    trash: (path) => shell.trashItem(path),
    openConsoleWindow: (vmId, console) => windows()?.openConsole({ vmId, console }),
    async openLink(url) {
      // Other schemes start programs: a guest's output must not choose one.
      if (isWebLink(url)) await shell.openExternal(url);
    },
  };
}

function onTopOf<T>(
  owner: BrowserWindow | undefined,
  show: { window: (owner: BrowserWindow) => T; none: () => T },
): T {
  return owner ? show.window(owner) : show.none();
}
