// This computer, the settings, its files.
import { access, constants } from 'node:fs/promises';
import os from 'node:os';
import { Fault } from '../contract/fault.ts';
import type { HostInfo } from '../contract/host.ts';
import { follow } from '../lib/feed.ts';
import { examineFile } from '../vm/file-facts.ts';
import type { ApiContext } from './context.ts';
import type { Implementer } from './implement.ts';
import { permittedFile } from './permitted-files.ts';

const settingsBacklog = 16;

export function hostProcedures(os: Implementer, context: ApiContext) {
  const { settings, finder, shell, browser } = context;
  return {
    info: os.host.info.handler(() => hostInfo(context)),
    qemu: os.host.qemu.handler(({ input }) => finder.report({ refresh: input.refresh })),
    settings: os.host.settings.handler(() => settings.current),
    saveSettings: os.host.saveSettings.handler(({ input }) => settings.save(withoutUndefined(input))),
    watchSettings: os.host.watchSettings.handler(({ signal }) =>
      follow(settings.changes, { signal, whole: () => settings.current, limit: settingsBacklog }),
    ),
    listFiles: os.host.listFiles.handler(({ input }) => browser.list(input.path)),
    chooseFile: os.host.chooseFile.handler(async ({ input }) => {
      if (!shell.chooseFile) throw unsupported('The system’s file dialog is only in the desktop app.');
      return { path: await shell.chooseFile(input) };
    }),
    inspectFile: os.host.inspectFile.handler(async ({ input }) => {
      const file = await permittedFile(input.path, context);
      const { inUse } = await finder.report();
      return examineFile(input.path, file, { asDisk: true, imgPath: inUse?.imgPath });
    }),
    openLink: os.host.openLink.handler(async ({ input }) => {
      const { protocol } = new URL(input.url);
      if (protocol !== 'https:' && protocol !== 'http:') {
        throw new Fault({
          code: 'not-permitted',
          message: 'Only links to web pages are opened.',
          remedy: 'Copy the link if you trust it.',
          detail: protocol,
        });
      }
      if (!shell.openLink) throw unsupported('In the browser, the page opens links itself.');
      await shell.openLink(input.url);
      return {};
    }),
  };
}

async function hostInfo({ version, mode, shell, directories, library }: ApiContext): Promise<HostInfo> {
  const [free, writable] = await Promise.all([
    library.freeBytes().catch(() => 0),
    access(library.directory, constants.W_OK).then(
      () => true,
      () => false,
    ),
  ]);
  return {
    armoireVersion: version,
    platform: process.platform,
    arch: process.arch,
    hostName: os.hostname(),
    cpuModel: os.cpus()[0]?.model ?? '',
    cores: os.availableParallelism(),
    memoryMiB: Math.floor(os.totalmem() / 1024 / 1024),
    freeMemoryMiB: Math.floor(os.freemem() / 1024 / 1024),
    library: {
      path: directories.library,
      freeBytes: free,
      writable,
    },
    capabilities: {
      mode,
      nativeFileDialog: shell.chooseFile !== undefined,
      upload: mode === 'browser',
      trash: shell.trash !== undefined,
    },
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Defined<T>;
}

function unsupported(message: string): Fault {
  return new Fault({ code: 'unsupported', message, remedy: 'Use the app’s own way instead.' });
}
