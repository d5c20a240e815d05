// The desktop's entry: Electron's life cycle, from the first instance to the last window.
import { homedir } from 'node:os';
import path from 'node:path';
import { createRouterClient } from '@orpc/server';
import { app, Menu, nativeTheme, powerMonitor, session, shell } from 'electron';
import type { App } from './app.ts';
import { isCommandLine, runCli } from './cli/program.ts';
import { surroundingsOf } from './cli-surroundings.ts';
import { Fault, toFaultData } from './contract/fault.ts';
import { askNatively, showFault } from './desktop/dialogs.ts';
import { createHostShell } from './desktop/host-shell.ts';
import { menuTemplate } from './desktop/menu.ts';
import { isPage, isWebLink } from './desktop/page-url.ts';
import { registerPageScheme, servePages } from './desktop/protocol.ts';
import { settleQuit } from './desktop/quit.ts';
import { limitNavigation, limitPermissions } from './desktop/security.ts';
import { createWindows, type Windows } from './desktop/windows.ts';
import { installationOf, openApp } from './installation.ts';
import { defaultDirectories } from './lib/directories.ts';
import { serveControl } from './transport/control.ts';
import { requestFocus, requestLoginUrl } from './transport/control-client.ts';
import { serveElectron } from './transport/electron.ts';
import { readOwner } from './vm/owner.ts';

const installation = installationOf(import.meta.dirname, app.isPackaged ? process.resourcesPath : undefined);
const directories = defaultDirectories(process.env, process.platform, homedir());
/** The packaged program is the command line too: `armoire list`. */
const words = app.isPackaged ? process.argv.slice(1) : [];
const surroundings = surroundingsOf(installation);

app.setPath('userData', path.join(directories.config, 'electron'));
app.enableSandbox();
registerPageScheme();

// Not awaited: Electron gets ready only when this module has been loaded.
if (isCommandLine(words, surroundings)) {
  runCli(words, surroundings).then((code) => app.exit(code));
} else if (app.requestSingleInstanceLock()) {
  app
    .whenReady()
    .then(openDesktop)
    .catch((error: unknown) => {
      showFault(toFaultData(error));
      app.exit(1);
    });
} else {
  // The first instance hears of this one and shows its window.
  app.quit();
}

async function openDesktop(): Promise<void> {
  let windows: Windows | undefined;
  let core: App;
  try {
    const hostShell = createHostShell(() => windows);
    core = await openApp(installation, { mode: 'desktop', directories, shell: hostShell });
  } catch (error) {
    await leaveToOwner(error);
    return;
  }
  limitPermissions(session.defaultSession);
  servePages(session.defaultSession, installation.rendererDir);
  const opened = await createWindows({ preload: installation.preload, stateDirectory: directories.config });
  windows = opened;
  limitNavigation((place) => opened.openConsole(place));
  app.on('second-instance', () => opened.showMain());
  app.on('activate', () => opened.showMain());
  const transport = serveElectron(core, isPage);
  const control = await serveControl({
    path: core.controlSocket,
    served: core,
    focus: () => opened.showMain(),
  });
  installMenu(opened);
  const stopTheme = followTheme(core);
  quitWithCare(core, opened, async () => {
    stopTheme();
    transport.close();
    await control.close();
    await core.close();
  });
  opened.showMain();
}

/** Someone else has the library: shows the other desktop's window, or the way to the server. */
async function leaveToOwner(error: unknown): Promise<void> {
  const owner = await readOwner(directories.library).catch(() => null);
  if (!(error instanceof Fault) || error.code !== 'library-in-use' || owner === null) throw error;
  if (owner.mode === 'desktop') {
    await requestFocus(owner.controlSocket);
    app.exit(0);
    return;
  }
  const url = await requestLoginUrl(owner.controlSocket).catch(() => {
    throw error; // a command that uses the library for a moment, not a server with a way in
  });
  const { button } = await askNatively(undefined, {
    message: `An Armoire server (process ${owner.pid}) has this library open.`,
    detail: 'Its VMs can be used in the web browser, or here after the server has ended.',
    buttons: ['Open in web browser', 'Quit'],
  });
  if (button === 0) await shell.openExternal(url);
  app.exit(0);
}

function installMenu(windows: Windows): void {
  const actions = {
    newVm: () => windows.showMain('#/new'),
    openSettings: () => windows.showMain('#/settings'),
    showLibrary: () => windows.showMain('#/'),
    openLink: (url: string) => {
      if (isWebLink(url)) shell.openExternal(url).catch((error: unknown) => showFault(toFaultData(error)));
    },
  };
  const template = menuTemplate(process.platform, actions, { developer: !app.isPackaged });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

/** Native menus, dialogs and frames follow the theme of the settings, as the pages do. Returns what stops it. */
function followTheme(core: App): () => void {
  const stop = new AbortController();
  const follow = async () => {
    const client = createRouterClient(core.router);
    for await (const { theme } of await client.host.watchSettings(undefined, { signal: stop.signal })) {
      nativeTheme.themeSource = theme;
    }
  };
  nativeTheme.themeSource = core.settings().theme;
  follow().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return () => stop.abort();
}

/** Every way to quit leads through `before-quit`; where nobody is there to answer, VMs keep running. */
function quitWithCare(core: App, windows: Windows, close: () => Promise<void>): void {
  let attended = true;
  let state: 'open' | 'settling' | 'closed' = 'open';
  const settle = async () => {
    const { host } = createRouterClient(core.router);
    const leaves = await settleQuit({
      running: () => core.runningVms(),
      onQuit: attended ? core.settings().onQuit : 'keep-running',
      ask: (question) => askNatively(windows.front(), question),
      remember: async (onQuit) => {
        await host.saveSettings({ onQuit });
      },
      shutDownAll: () => core.shutDownAll(),
      saveAll: () => core.saveAll(),
    });
    if (!leaves) {
      state = 'open';
      // The last window may be what was closed.
      windows.showMain();
      return;
    }
    await close();
    state = 'closed';
    app.quit();
  };
  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'settling') return;
    state = 'settling';
    settle().catch((error: unknown) => {
      state = 'open';
      showFault(toFaultData(error));
    });
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  const leaveAlone = () => {
    attended = false;
    app.quit();
  };
  powerMonitor.on('shutdown', leaveAlone);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, leaveAlone);
}
