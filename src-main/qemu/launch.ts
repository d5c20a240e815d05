// A launch: everything besides the definition that decides the command line, settled into a plain value.
import path from 'node:path';
import { type HostFacts, settleAccelerator } from '../boards/accelerator.ts';
import { type Board, boardFor } from '../boards/board.ts';
import type { Accelerator, VmDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import type { QemuCapabilities, QemuFeature, QemuVersion } from '../contract/qemu.ts';
import { findFirmware } from './firmware.ts';
import { prepareFirmware, variablesFile } from './flash-files.ts';
import { checkFiles } from './launch-files.ts';
import type { MappedRam } from './memory-overlay.ts';
import { type BoardWiring, wiringOf } from './wiring.ts';

/** A console is a file that QEMU appends to, and a FIFO that it reads keys from. */
export interface LaunchConsole {
  /** `uart0`, `uart1`, … in the board's order. */
  id: string;
  logPath: string;
  inputPath: string;
}

export interface LaunchImage {
  path: string;
  format: 'raw' | 'qcow2';
}

/** Files of the flash memory, as large as the flash is once the launch is settled. */
export interface LaunchFirmware {
  code: LaunchImage;
  /** Left out: the second flash is not fitted, nothing is kept over a restart. */
  vars?: LaunchImage;
  /** What `vars` is copied from before the first start. */
  varsTemplate?: LaunchImage;
  /** How the board takes it: as flash memory, or by `-bios`. */
  mapping: 'flash' | 'memory';
}

export interface Launch {
  vmId: string;
  /** QEMU's binary. */
  program: string;
  version: QemuVersion;
  features: QemuFeature[];
  /** Node's words for this computer: `linux`, `x64`. */
  host: { platform: string; arch: string };
  accelerator: Accelerator;
  /** Relative files of the definition lie here. */
  vmDirectory: string;
  qmpSocket: string;
  consoles: LaunchConsole[];
  wiring: BoardWiring;
  /** The device tree that ships with Armoire, for a kernel that was given none on a board that makes none. */
  shippedTree?: string;
  /** By disk id: the image that the guest writes to, and what it builds on, nearest first. Others are single files. */
  layers: Record<string, LaunchImage[]>;
  /** The guest does not begin: it goes on from a memory that QEMU is given over QMP. */
  incoming: boolean;
  /** The RAM begins as a saved one, which is not loaded. */
  mappedRam?: MappedRam;
  /** A dry start: drives are there and hold nothing. */
  blankDrives: boolean;
  /** Exactly when the definition boots by UEFI or pflash. */
  firmware?: LaunchFirmware;
}

export interface LaunchContext {
  vmId: string;
  vmDirectory: string;
  /** Where QEMU makes its QMP socket; at most 107 bytes on Linux, 103 on macOS. */
  qmpSocket: string;
  /** One for each UART of the definition. */
  consoles: LaunchConsole[];
  /** By disk id, see `Launch`. */
  layers?: Record<string, LaunchImage[]>;
  incoming?: boolean;
  mappedRam?: MappedRam | undefined;
  /** Data shipped with Armoire. */
  resourcesDirectory: string;
  qemu: QemuCapabilities;
  host: HostFacts;
}

/** sun_path of unix(7), with room for the NUL. */
const longestSocketPath = { linux: 107, darwin: 103 } as const;

function boardOf({ machine }: VmDefinition, qemu: QemuCapabilities): Board {
  const board = boardFor(machine, qemu);
  if (board) return board;
  throw new Fault({
    code: 'unsupported',
    message: `QEMU ${qemu.version.text} has no machine type ${machine}.`,
    remedy: 'Choose a machine type that it has, or use another version of QEMU.',
    field: '/machine',
  });
}

function bitsOf({ cpu }: VmDefinition, qemu: QemuCapabilities): 32 | 64 {
  return qemu.cpus.find(({ name }) => name === cpu)?.bits ?? 64;
}

function uefiFirmware(definition: VmDefinition, { qemu, vmDirectory }: LaunchContext): LaunchFirmware {
  const bits = bitsOf(definition, qemu);
  const found = findFirmware(qemu, definition.machine, { secureBoot: false, bits });
  if (!found) {
    throw new Fault({
      code: 'unsupported',
      message: `The QEMU at ${qemu.path} has no UEFI firmware for ${bits}-bit ${definition.machine}.`,
      remedy:
        'Use the QEMU that comes with Armoire, install the firmware (qemu-efi-aarch64, edk2-aarch64), or boot in another way.',
      field: '/boot',
    });
  }
  const code: LaunchImage = { path: found.executable, format: found.executableFormat };
  if (found.mapping === 'memory' || found.nvramTemplate === undefined)
    return { code, mapping: found.mapping };
  const format = found.nvramTemplateFormat ?? 'raw';
  return {
    code,
    vars: { path: variablesFile(vmDirectory, format), format },
    varsTemplate: { path: found.nvramTemplate, format },
    mapping: 'flash',
  };
}

function plannedFirmware(definition: VmDefinition, context: LaunchContext): LaunchFirmware | undefined {
  const { boot } = definition;
  if (boot.kind === 'uefi') return uefiFirmware(definition, context);
  if (boot.kind !== 'pflash') return undefined;
  const raw = (file: string): LaunchImage => ({
    path: path.resolve(context.vmDirectory, file),
    format: 'raw',
  });
  return {
    code: raw(boot.code),
    ...(boot.vars === undefined ? {} : { vars: raw(boot.vars) }),
    mapping: 'flash',
  };
}

function shippedTree(
  { boot }: VmDefinition,
  { deviceTreeShipped }: Board,
  { resourcesDirectory }: LaunchContext,
): string | undefined {
  if (boot.kind !== 'kernel' || boot.dtb !== undefined || deviceTreeShipped === undefined) return undefined;
  return path.join(resourcesDirectory, 'boards', 'device-trees', deviceTreeShipped);
}

/**
 * The launch as it would be, without a look at any file: for showing the command line, and for a dry start.
 * Throws `Fault` unsupported for a machine type or firmware that this QEMU does not have.
 */
export function planLaunch(definition: VmDefinition, context: LaunchContext): Launch {
  const { qemu, host, vmId, vmDirectory, qmpSocket, consoles } = context;
  const firmware = plannedFirmware(definition, context);
  const board = boardOf(definition, qemu);
  const tree = shippedTree(definition, board, context);
  return {
    vmId,
    program: qemu.path,
    version: qemu.version,
    features: qemu.features,
    host: { platform: host.platform, arch: host.arch },
    accelerator: settleAccelerator(definition, qemu, host),
    vmDirectory,
    qmpSocket,
    consoles,
    wiring: wiringOf(board),
    blankDrives: false,
    layers: context.layers ?? {},
    incoming: context.incoming ?? false,
    ...(context.mappedRam && { mappedRam: context.mappedRam }),
    ...(tree === undefined ? {} : { shippedTree: tree }),
    ...(firmware ? { firmware } : {}),
  };
}

function checkHost(definition: VmDefinition, { qmpSocket, qemu, host }: LaunchContext): void {
  const longest = host.platform === 'darwin' ? longestSocketPath.darwin : longestSocketPath.linux;
  if (Buffer.byteLength(qmpSocket) > longest) {
    throw new Fault({
      code: 'unsupported',
      message: `The path of QEMU’s control socket is longer than the ${longest} bytes that this system allows.`,
      remedy: 'Set ARMOIRE_RUNTIME to a directory with a short path and start Armoire again.',
      detail: qmpSocket,
    });
  }
  if (definition.network.mode === 'user' && !qemu.features.includes('user-network')) {
    throw new Fault({
      code: 'unsupported',
      message: `The QEMU at ${qemu.path} was built without user-mode networking.`,
      remedy: 'Use the QEMU that comes with Armoire, or start the machine without a network.',
      field: '/network/mode',
      fix: { label: 'No network', steps: [{ op: 'set', path: '/network/mode', value: 'none' }] },
    });
  }
}

/**
 * The launch, with everything that it needs in place: the firmware's variables copied into the VM's directory, flash
 * files padded, every file looked at. Throws a `Fault` that names what is missing or unsafe; nothing was started then.
 */
export async function settleLaunch(definition: VmDefinition, context: LaunchContext): Promise<Launch> {
  checkHost(definition, context);
  const planned = planLaunch(definition, context);
  await checkFiles(definition, context.vmDirectory, planned.layers);
  if (!planned.firmware) return planned;
  return {
    ...planned,
    firmware: await prepareFirmware(planned.firmware, context.vmDirectory, planned.wiring.flashBytes),
  };
}
