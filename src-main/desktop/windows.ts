// The windows: one main window, and one for each console that is looked at.
import path from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { type ConsolePlace, consoleHash, pageUrl } from './page-url.ts';
import {
  placeWindow,
  readWindowStates,
  type WindowKind,
  type WindowStates,
  writeWindowStates,
} from './window-state.ts';

const sizes = { main: { width: 1280, height: 820 }, console: { width: 960, height: 640 } } as const;
const smallest = { width: 360, height: 320 };
/** Painted before the page is: no white flash in the dark. */
const backgrounds = { light: '#f7f7f8', dark: '#16181d' } as const;

export interface Windows {
  /** Opens the main window, or shows and focuses it. `hash`: the route to show there. */
  showMain(hash?: string): void;
  openConsole(place: ConsolePlace): void;
  /** The one that a dialog belongs to. */
  front(): BrowserWindow | undefined;
}

export async function createWindows(options: { preload: string; stateDirectory: string }): Promise<Windows> {
  const stateFile = path.join(options.stateDirectory, 'windows.json');
  const states: WindowStates = await readWindowStates(stateFile);
  const consoles = new Map<string, BrowserWindow>();
  let main: BrowserWindow | undefined;

  function open(kind: WindowKind, url: string): BrowserWindow {
    const window = new BrowserWindow({
      ...boundsOf(kind, states),
      minWidth: smallest.width,
      minHeight: smallest.height,
      show: false,
      title: 'Armoire',
      backgroundColor: nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light,
      webPreferences: {
        preload: options.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
      },
    });
    window.once('ready-to-show', () => {
      if (states[kind]?.maximised) window.maximize();
      window.show();
    });
    window.on('close', () => {
      states[kind] = { bounds: window.getNormalBounds(), maximised: window.isMaximized() };
      // A window that opens somewhere else next time is all that a failure costs.
      writeWindowStates(stateFile, states).catch(() => undefined);
    });
    // A refused navigation or a page that goes away while it loads rejects this; the window then shows what it has.
    window.loadURL(url).catch(() => undefined);
    return window;
  }

  return {
    showMain(hash) {
      if (!main) {
        main = open('main', pageUrl(hash));
        main.once('closed', () => {
          main = undefined;
        });
        return;
      }
      show(main);
      if (hash !== undefined) {
        main.webContents.executeJavaScript(`location.hash = ${JSON.stringify(hash)}`).catch(() => undefined); // the page is reloading: it comes up with the route it had
      }
    },
    openConsole(place) {
      const hash = consoleHash(place);
      const known = consoles.get(hash);
      if (known) {
        show(known);
        return;
      }
      const window = open('console', pageUrl(hash));
      consoles.set(hash, window);
      window.once('closed', () => consoles.delete(hash));
    },
    front: () => BrowserWindow.getFocusedWindow() ?? main,
  };
}

function show(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function boundsOf(kind: WindowKind, states: WindowStates) {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  const bounds = placeWindow(states[kind]?.bounds, sizes[kind], [primary, ...others]);
  if (kind === 'main') return bounds;
  // Several consoles side by side: the size is remembered, the place is the window manager's choice.
  return { width: bounds.width, height: bounds.height };
}
