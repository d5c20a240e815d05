// Where a QEMU for ARM guests may lie, in the order of the settings.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Settings } from '../contract/host.ts';
import type { QemuCandidate } from '../contract/qemu.ts';

export interface SearchPlaces {
  /** Node's words: `linux`, `x64`. */
  platform: string;
  arch: string;
  resourcesDir: string;
  /** The environment's PATH. */
  searchPath: string;
}

export type Place = Pick<QemuCandidate, 'path' | 'origin'>;

const program = (platform: string) =>
  platform === 'win32' ? 'qemu-system-aarch64.exe' : 'qemu-system-aarch64';

/** Package managers' places that the PATH of an app started from a desktop often lacks. */
const usualDirectories: Readonly<Record<string, readonly string[]>> = {
  darwin: ['/opt/homebrew/bin', '/usr/local/bin', '/opt/local/bin'],
  linux: ['/usr/bin', '/usr/local/bin'],
  win32: ['C:\\Program Files\\qemu'],
};

/** Directories of PATH that are not absolute would make the choice depend on where Armoire was started. */
function pathPlaces({ platform, searchPath }: SearchPlaces): Place[] {
  const paths = platform === 'win32' ? path.win32 : path.posix;
  const listed = searchPath.split(paths.delimiter).filter((directory) => paths.isAbsolute(directory));
  const directories = new Set([...listed, ...(usualDirectories[platform] ?? [])]);
  return [...directories].map((directory) => ({
    path: paths.join(directory, program(platform)),
    origin: 'path' as const,
  }));
}

function bundledPlace({ platform, arch, resourcesDir }: SearchPlaces): Place {
  return {
    path: path.join(resourcesDir, 'qemu', `${platform}-${arch}`, 'bin', program(platform)),
    origin: 'bundled',
  };
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** Only those that are there; the one that the user named always is, so that its absence can be told. */
export async function findCandidates(
  places: SearchPlaces,
  { qemuOrder, qemuPath }: Pick<Settings, 'qemuOrder' | 'qemuPath'>,
): Promise<Place[]> {
  const bundled = [bundledPlace(places)];
  const system = pathPlaces(places);
  const ordered = qemuOrder === 'bundled-first' ? [...bundled, ...system] : [...system, ...bundled];
  const there: Place[] = qemuPath === null ? [] : [{ path: qemuPath, origin: 'setting' }];
  for (const place of ordered) {
    if (there.every((known) => known.path !== place.path) && (await isProgram(place.path))) there.push(place);
  }
  return there;
}

/** `qemu-img` of the same installation: beside the binary. */
export async function findQemuImg(binary: string, platform: string): Promise<string | undefined> {
  const file = path.join(path.dirname(binary), platform === 'win32' ? 'qemu-img.exe' : 'qemu-img');
  return (await isProgram(file)) ? file : undefined;
}
