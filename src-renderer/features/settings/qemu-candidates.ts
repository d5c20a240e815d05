// Which of the QEMU binaries that were found can take the place of one that cannot be used.
import type { QemuCandidate, QemuVersion } from '../../../src-main/contract/qemu.ts';

export type UsableCandidate = QemuCandidate & { version: QemuVersion };

const isUsable = (candidate: QemuCandidate): candidate is UsableCandidate =>
  candidate.version !== undefined && candidate.fault === undefined;

/** The bundled one before those of the system; undefined where none can be used. */
export function usableCandidate(candidates: readonly QemuCandidate[]): UsableCandidate | undefined {
  const usable = candidates.filter(isUsable);
  return usable.find(({ origin }) => origin === 'bundled') ?? usable.find(({ origin }) => origin === 'path');
}

/** `10.0.2`, without the distributor's addition. */
export function versionNumber({ major, minor, micro }: QemuVersion): string {
  return `${major}.${minor}.${micro}`;
}
