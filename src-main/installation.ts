// Where this installation keeps its parts, and how its entries open the app core.
import path from 'node:path';
import { type App, type AppOptions, createApp } from './app.ts';
import { Fault } from './contract/fault.ts';

export interface Installation {
  version: string;
  /** Data shipped with the app: QEMU bundle, sample, device trees. */
  resourcesDir: string;
  /** The built page. */
  rendererDir: string;
  preload: string;
}

/**
 * @param entryDirectory of the running entry, `out/main`
 * @param packagedResources Electron's `process.resourcesPath` in a packaged app
 */
export function installationOf(entryDirectory: string, packagedResources?: string): Installation {
  return {
    version: __ARMOIRE_VERSION__,
    resourcesDir: packagedResources ?? path.join(entryDirectory, '../../resources'),
    rendererDir: path.join(entryDirectory, '../renderer'),
    preload: path.join(entryDirectory, '../preload/preload.cjs'),
  };
}

/** Here QEMU's file chardev has no input path, and Node has no Unix sockets for QMP. */
const windowsFault = new Fault({
  code: 'unsupported',
  message: 'Armoire cannot run virtual machines on Windows yet.',
  remedy: 'Use it on Linux or macOS, or in the Windows Subsystem for Linux with "armoire serve".',
});

/** Throws Fault `unsupported`, `library-in-use`, `library-unwritable`, … */
export async function openApp(
  installation: Installation,
  options: Pick<AppOptions, 'mode' | 'directories' | 'shell'>,
): Promise<App> {
  if (process.platform === 'win32') throw windowsFault;
  const { version, resourcesDir } = installation;
  return createApp({ ...options, version, resourcesDir });
}
