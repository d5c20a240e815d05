// The QEMU that commands without a library work with: the user's own, or the one that --qemu names.
import { availableParallelism, totalmem } from 'node:os';
import type { HostFacts } from '../boards/accelerator.ts';
import type { Directories } from '../lib/directories.ts';
import { createQemuFinder, type QemuFinder, type QemuSettings } from '../qemu/locate.ts';
import { SettingsStore } from '../vm/settings.ts';
import type { Surroundings } from './surroundings.ts';

/** `qemuPath`: a binary that wins over the settings and is not replaced by another one when it does not work. */
export async function qemuFinder(
  around: Surroundings,
  directories: Directories,
  qemuPath: string | undefined,
): Promise<QemuFinder> {
  const { current } = await SettingsStore.open(directories.config);
  const settings: QemuSettings = qemuPath === undefined ? current : { ...current, qemuPath };
  return createQemuFinder({
    resourcesDir: around.resourcesDir,
    cacheDir: directories.cache,
    settings: () => settings,
  });
}

export function hostFacts(): HostFacts {
  return {
    arch: process.arch,
    platform: process.platform,
    memoryMiB: Math.floor(totalmem() / (1024 * 1024)),
    cores: availableParallelism(),
  };
}
