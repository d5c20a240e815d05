// What every suggestion begins with: board, CPU, vCPUs, memory and network that suit this computer.

import type { HostFacts } from '../../boards/accelerator.ts';
import { usableHardware } from '../../boards/accelerator.ts';
import { type Board, boardFor } from '../../boards/board.ts';
import { formatMiB, nearestMemory } from '../../boards/memory.ts';
import { preferredCpu } from '../../boards/preferred.ts';
import type { Network, PortForward, VmDefinition } from '../../contract/definition.ts';
import { Fault } from '../../contract/fault.ts';
import type { QemuCapabilities } from '../../contract/qemu.ts';
import type { Suggestion } from '../../contract/vm.ts';
import { randomMac } from '../mac.ts';

export interface SuggestContext {
  qemu: QemuCapabilities;
  host: HostFacts;
  resourcesDirectory: string;
  /** Names of the VMs that are there. */
  names: readonly string[];
  /** Host ports that definitions of other VMs name, as `tcp:2222`. */
  takenPorts: ReadonlySet<string>;
}

export interface Wishes {
  origin: VmDefinition['origin'];
  name: string;
  boot: VmDefinition['boot'];
  memoryMiB: number;
  vcpus: number;
  /** Width of CPU that the software is made for. */
  bits: 32 | 64;
  /** Emulated CPU where there is a reason for it; else the board's recommended one of that width. */
  cpu?: { model: string; why: string } | undefined;
  network: 'none' | 'plain' | 'ssh';
}

type Reasons = Suggestion['reasons'];

/** The board that new VMs get until the user chooses another. */
const usualBoard = 'virt';
/** A guest must leave this much of the computer to everyone else. */
const hostShare = 0.5;
const sshPort = 22;
const firstSshForward = 2222;

/** A definition on `virt` that only lacks the source's own parts. Throws Fault `unsupported`. */
export function beginSuggestion(
  wishes: Wishes,
  context: SuggestContext,
): { definition: VmDefinition; reasons: Reasons; board: Board } {
  const { qemu, host } = context;
  const board = usualBoardOf(qemu);
  const reasons: Reasons = {
    '/machine': `${board.pinned}: the board made for virtual machines; pinned to this version, so that saved states stay loadable.`,
  };
  const memoryMiB = nearestMemory(
    board.memory,
    Math.min(wishes.memoryMiB, powerOfTwoBelow(host.memoryMiB * hostShare)),
  );
  reasons['/memoryMiB'] =
    memoryMiB < wishes.memoryMiB
      ? `${formatMiB(memoryMiB)}: at most half of this computer’s memory.`
      : `${formatMiB(memoryMiB)}: what such a guest is usually content with.`;
  const vcpus = Math.max(1, Math.min(wishes.vcpus, host.cores, board.vcpus.max));
  reasons['/vcpus'] = `${vcpus} of this computer’s ${host.cores} cores.`;
  const draft: VmDefinition = {
    name: wishes.name,
    note: '',
    origin: wishes.origin,
    machine: board.pinned,
    machineOptions: { gicVersion: '3' },
    cpu: board.cpu.default,
    vcpus,
    memoryMiB,
    accelerator: 'auto',
    boot: wishes.boot,
    loaders: [],
    disks: [],
    network: suggestNetwork(wishes, context, reasons),
    uarts: 1,
    debug: { gdb: { enabled: false, port: 1234 }, startHalted: false, semihosting: false },
  };
  const definition = { ...draft, ...chooseCpu(draft, wishes, board, context, reasons) };
  return { definition, reasons, board };
}

function usualBoardOf(qemu: QemuCapabilities): Board {
  const board = boardFor(usualBoard, qemu);
  if (board) return board;
  throw new Fault({
    code: 'unsupported',
    message: `The QEMU at ${qemu.path} has no machine type “${usualBoard}”.`,
    remedy: 'Use a qemu-system-aarch64 of at least version 8.2, or the one that comes with Armoire.',
  });
}

/** The CPU, and the interrupt controller that goes with it. */
function chooseCpu(
  draft: VmDefinition,
  { bits, cpu: wish }: Wishes,
  board: Board,
  { qemu, host }: SuggestContext,
  reasons: Reasons,
): Pick<VmDefinition, 'cpu' | 'machineOptions'> {
  const hardware = usableHardware(qemu, host);
  if (hardware !== undefined && bits === 64) {
    reasons['/cpu'] = 'This computer’s own CPU: the guest runs at full speed.';
    reasons['/accelerator'] = `${hardware.toUpperCase()}, because this computer is ARM itself.`;
    // The controller that the hardware has: older servers and boards have a GICv2 only.
    return { cpu: 'host', machineOptions: { gicVersion: 'max' } };
  }
  reasons['/accelerator'] =
    host.arch === 'arm64'
      ? 'TCG, because hardware acceleration is not usable here: expect it to be 5 to 10 times slower.'
      : `TCG, because this computer is ${host.arch}, not ARM: expect it to be 5 to 10 times slower than native.`;
  if (wish && board.cpu.fits.includes(wish.model) && qemu.cpus.some(({ name }) => name === wish.model)) {
    reasons['/cpu'] = wish.why;
    return { cpu: wish.model, machineOptions: draft.machineOptions };
  }
  const model = preferredCpu(board, draft, qemu, bits) ?? board.cpu.default;
  reasons['/cpu'] = `${model}: ${bits}-bit, and every current ${bits}-bit guest runs on it.`;
  return { cpu: model, machineOptions: draft.machineOptions };
}

function suggestNetwork({ network }: Wishes, context: SuggestContext, reasons: Reasons): Network {
  const base = { model: 'virtio-net-pci', mac: randomMac(), forwards: [] };
  if (network === 'none') return { ...base, mode: 'none' };
  if (network === 'plain') return { ...base, mode: 'user' };
  const forward: PortForward = {
    protocol: 'tcp',
    hostAddress: '127.0.0.1',
    hostPort: freeSshPort(context),
    guestPort: sshPort,
  };
  reasons['/network/forwards'] =
    `Port ${forward.hostPort} of this computer (only of this one) leads to the guest’s SSH.`;
  return { ...base, mode: 'user', forwards: [forward] };
}

function freeSshPort({ takenPorts }: SuggestContext): number {
  let port = firstSshForward;
  while (takenPorts.has(`tcp:${port}`)) port++;
  return port;
}

function powerOfTwoBelow(sizeMiB: number): number {
  return 2 ** Math.floor(Math.log2(Math.max(1, sizeMiB)));
}
