// doctor: what this computer and its QEMU can do, and why not; works without a library that can be opened.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { contradictions } from '../boards/contradictions.ts';
import type { QemuCandidate, QemuReport } from '../contract/qemu.ts';
import type { Directories } from '../lib/directories.ts';
import { freeBytes } from '../lib/free-bytes.ts';
import type { QemuFinder } from '../qemu/locate.ts';
import { readOwner } from '../vm/owner.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import { hostFacts } from './find-qemu.ts';
import { printJson, printLine } from './print.ts';
import type { Surroundings } from './surroundings.ts';

interface DirectoryReport {
  path: string;
  writable: boolean;
  freeBytes: number | null;
}

/** Exit code 1 when no VM could be started here. */
export async function doctor(
  around: Surroundings,
  directories: Directories,
  finder: QemuFinder,
  { json }: { json?: boolean },
): Promise<ExitCode> {
  const qemu = await finder.report({ refresh: true });
  const library = await examine(directories.library);
  const owner = await readOwner(directories.library).catch(() => null);
  const { terminal } = around;
  if (json) {
    printJson(terminal, {
      armoire: around.version,
      host: hostFacts(),
      node: process.version,
      qemu,
      boardContradictions: qemu.inUse ? contradictions(qemu.inUse) : [],
      library,
      owner,
      directories,
    });
  } else {
    for (const line of [
      `Armoire ${around.version}, Node ${process.version}, ${hostText()}`,
      ...qemuLines(qemu),
      ...boardLines(qemu),
      '',
      `Library ${library.path}`,
      library.writable
        ? `  ${freeText(library)}`
        : '  cannot be written: check its permissions, or choose another with --library',
      ...(owner
        ? [
            `  in use by ${owner.mode === 'desktop' ? 'the Armoire app' : 'an Armoire server'} (process ${owner.pid})`,
          ]
        : []),
    ]) {
      printLine(terminal, line);
    }
  }
  return qemu.inUse && library.writable ? exitCode.ok : exitCode.no;
}

function hostText(): string {
  const { arch, platform, cores, memoryMiB } = hostFacts();
  return `${platform} ${arch}, ${cores} cores, ${memoryMiB} MiB of memory`;
}

/** Where the board table is wrong about this QEMU, which wins. */
function boardLines({ inUse }: QemuReport): string[] {
  const found = inUse ? contradictions(inUse) : [];
  if (found.length === 0) return [];
  return [
    '',
    'Armoire’s board table differs from this QEMU, which wins:',
    ...found.map(({ message }) => `  ${message}`),
  ];
}

function qemuLines({ inUse, fault, candidates }: QemuReport): string[] {
  if (!inUse) {
    return [
      '',
      `QEMU: ${fault?.message ?? 'none found'}`,
      `  ${fault?.remedy ?? ''}`,
      ...others(candidates, undefined),
    ];
  }
  return [
    '',
    `QEMU ${inUse.version.text} (${originText(inUse.origin)})`,
    `  ${inUse.path}`,
    `  qemu-img: ${inUse.imgPath ?? 'not found; new disks cannot be made'}`,
    `  ${inUse.machines.length} machine types, ${inUse.cpus.length} CPU models, ${inUse.devices.length} device models`,
    '  Acceleration:',
    ...inUse.accelerators.map(
      ({ name, usable, reason }) => `    ${name}: ${usable ? 'usable' : 'not usable'}. ${reason}`,
    ),
    '  UEFI firmware:',
    ...(inUse.firmware.length === 0
      ? ['    none found: UEFI guests (ISO and disk images) cannot start']
      : inUse.firmware.map(({ description, executable }) => `    ${description}: ${executable}`)),
    ...others(candidates, inUse.path),
  ];
}

function others(candidates: readonly QemuCandidate[], used: string | undefined): string[] {
  const rest = candidates.filter(({ path: candidate }) => candidate !== used);
  if (rest.length === 0) return [];
  return [
    '  Also found:',
    ...rest.map(
      ({ path: candidate, origin, version, fault }) =>
        `    ${candidate} (${originText(origin)}): ${fault ? fault.message : (version?.text ?? '')}`,
    ),
  ];
}

function originText(origin: QemuCandidate['origin']): string {
  switch (origin) {
    case 'setting':
      return 'named by the user';
    case 'bundled':
      return 'bundled with Armoire';
    case 'path':
      return 'of the system';
  }
}

function freeText({ freeBytes }: DirectoryReport): string {
  return freeBytes === null ? 'free space unknown' : `${(freeBytes / 1024 ** 3).toFixed(1)} GiB free`;
}

/** A directory that is not there yet is as good as the nearest one above it that is. */
async function examine(directory: string): Promise<DirectoryReport> {
  for (let place = directory; ; place = path.dirname(place)) {
    const free = await freeBytes(place).catch(() => null);
    if (free === null && place !== path.dirname(place)) continue;
    const writable = await access(place, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    return { path: directory, writable, freeBytes: free };
  }
}
