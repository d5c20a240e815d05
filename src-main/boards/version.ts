// QEMU versions as the board table writes them (`9.0`), compared with the one in use.
import type { QemuVersion } from '../contract/qemu.ts';

function parts(text: string): [number, number] {
  const [major = '0', minor = '0'] = text.split('.');
  return [Number(major), Number(minor)];
}

/** Release candidates count as the release before: QEMU numbers 10.0.92 what becomes 10.1.0-rc2. */
export function isAtLeast(version: Pick<QemuVersion, 'major' | 'minor'>, text: string): boolean {
  const [major, minor] = parts(text);
  return version.major > major || (version.major === major && version.minor >= minor);
}

/** The entry of a map `from version → value` that holds for `version`: the newest that is not newer. */
export function valueSince<T>(
  byVersion: Readonly<Record<string, T>>,
  version: Pick<QemuVersion, 'major' | 'minor'>,
): T | undefined {
  const holding = Object.keys(byVersion)
    .filter((text) => isAtLeast(version, text))
    .sort((a, b) => {
      const [majorA, minorA] = parts(a);
      const [majorB, minorB] = parts(b);
      return majorA - majorB || minorA - minorB;
    });
  const newest = holding.at(-1);
  return newest === undefined ? undefined : byVersion[newest];
}
