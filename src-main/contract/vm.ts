// A VM as the two sides talk about it: state, what may be done in it, how it ended, requests to make one.
import { z } from 'zod';
import { accelerator, vmDefinition, vmId } from './definition.ts';
import { faultData } from './fault.ts';
import { jsonPointer, problem } from './problem.ts';

export const vmState = z.enum([
  'stopped',
  'starting',
  'running',
  'paused',
  'stopping', // asked to shut down, still running
  'saved', // not running: its memory is on disk, and Start goes on from there
  'crashed', // QEMU ended without being asked to
  'unknown', // something runs that may be this VM, and not every proof agrees, or QEMU does not answer
  'damaged', // vm.json cannot be used
]);
export type VmState = z.infer<typeof vmState>;

export const vmAction = z.enum([
  'start',
  'pause',
  'resume',
  'shutdown',
  'force-stop',
  'reset',
  'reload',
  'edit',
  'delete',
  'rename',
  'clone',
  'snapshot',
  'restore',
  'save-state',
  'discard-state',
]);
export type VmAction = z.infer<typeof vmAction>;

/** Running or paused makes no difference to these. */
const whileAlive: readonly VmAction[] = [
  'shutdown',
  'force-stop',
  'reset',
  'reload',
  'save-state',
  'snapshot',
  'restore',
  'edit',
  'rename',
  'clone',
];

/** The one table of what each state allows; UI, CLI and the supervisor all read it. */
export const allowedActions: Readonly<Record<VmState, readonly VmAction[]>> = {
  stopped: ['start', 'edit', 'rename', 'clone', 'snapshot', 'restore', 'delete'],
  starting: ['force-stop', 'rename'],
  running: ['pause', ...whileAlive],
  paused: ['resume', ...whileAlive],
  stopping: ['force-stop', 'shutdown', 'reset', 'reload', 'edit', 'rename'],
  saved: ['start', 'discard-state', 'restore', 'rename', 'delete'],
  crashed: ['start', 'edit', 'rename', 'clone', 'snapshot', 'restore', 'delete'],
  unknown: ['force-stop', 'rename'],
  damaged: ['delete'],
};

export const vmExit = z.object({
  /** ISO 8601. */
  at: z.string(),
  kind: z.enum([
    'guest-shutdown',
    'shutdown',
    'force-stop',
    'saved',
    'crashed',
    'host-restart',
    'guest-panic',
  ]),
  fault: faultData.optional(),
});
export type VmExit = z.infer<typeof vmExit>;

export const consoleInfo = z.object({
  /** `uart0`, `uart1`, … */
  id: z.string(),
  /** The board's word for it, such as `PL011 UART`, with the guest's name when known (`ttyAMA0`). */
  label: z.string(),
  guestName: z.string().optional(),
  /** The one that the machine's software talks on: what is shown first. */
  main: z.boolean().optional(),
});
export type ConsoleInfo = z.infer<typeof consoleInfo>;

export const vmView = z.object({
  id: vmId,
  /** Grows by one with every saved change of the definition; an edit names the one it began from. */
  revision: z.int(),
  createdAt: z.string(),
  /** null exactly when damaged. */
  definition: vmDefinition.nullable(),
  state: vmState,
  damage: z.object({ reason: z.string(), file: z.string() }).optional(),
  /** What runs now. */
  run: z
    .object({
      pid: z.int(),
      startedAt: z.string(),
      qemuVersion: z.string(),
      accelerator,
      /** The definition was edited after the start: a restart makes it true. */
      definitionChanged: z.boolean(),
      /** Asked to shut down at (ISO 8601). */
      shutdownRequestedAt: z.string().optional(),
      /** QEMU has not answered since (ISO 8601): stopped by a signal, or hung. */
      silentSince: z.string().optional(),
      /** Some console has printed since the start. */
      printed: z.boolean(),
      /** Where each console stood before the start, by its id: bytes behind it are of this run. */
      consoleFrom: z.record(z.string(), z.int()).optional(),
      /** Files that QEMU read at the start and that have changed since; left out: none. */
      changedFiles: z.array(z.string()).optional(),
      /** What QEMU really made, where it differs from what was asked. */
      findings: z.array(problem),
    })
    .optional(),
  lastExit: vmExit.optional(),
  /** State `saved`: since when, and why it cannot be resumed here if so. */
  saved: z.object({ at: z.string(), bytes: z.number(), mismatch: faultData.optional() }).optional(),
  /** Every start begins from this snapshot. */
  resetTo: z.object({ id: z.uuid(), name: z.string() }).optional(),
  /** The VM whose disks this one builds on: a linked clone or a fork. */
  basedOn: z.object({ id: vmId, name: z.string() }).optional(),
  /** How many there are. */
  snapshots: z.int(),
  /** State `unknown`: what does not agree, and what to do about it. */
  doubt: faultData.optional(),
  consoles: z.array(consoleInfo),
});
export type VmView = z.infer<typeof vmView>;

export const vmEvent = z.discriminatedUnion('type', [
  /** Always first: the whole truth at `seq`. */
  z.object({ type: z.literal('all'), seq: z.int(), vms: z.array(vmView) }),
  z.object({ type: z.literal('changed'), seq: z.int(), vm: vmView }),
  z.object({ type: z.literal('removed'), seq: z.int(), id: vmId }),
]);
export type VmEvent = z.infer<typeof vmEvent>;

/** How a file that the definition names (as a relative path) comes into the VM's directory at creation. */
export const provision = z.discriminatedUnion('kind', [
  /** A new empty qcow2 at `disks/<disk id>.qcow2`. */
  z.object({ kind: z.literal('new-disk'), diskId: z.string(), sizeBytes: z.number().int().min(1048576) }),
  /** The user's image, of any format that Armoire takes and perhaps packed (.xz .zst .gz), as a copy in the disk's format; the disk's `file` becomes the copy. */
  z.object({ kind: z.literal('copy-disk'), diskId: z.string(), from: z.string() }),
  /** The sample program that ships with Armoire, as `firmware/sample-virt.elf`. */
  z.object({ kind: z.literal('sample') }),
]);
export type Provision = z.infer<typeof provision>;

export const createRequest = z.object({
  definition: vmDefinition,
  provisions: z.array(provision),
});
export type CreateRequest = z.infer<typeof createRequest>;

/** The wizard's first answer. */
export const wizardSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sample') }),
  z.object({
    kind: z.literal('kernel'),
    kernel: z.string(),
    initrd: z.string().optional(),
    dtb: z.string().optional(),
    cmdline: z.string().optional(),
  }),
  z.object({
    kind: z.literal('firmware'),
    how: z.enum(['bios', 'pflash', 'elf', 'loader']),
    file: z.string(),
    /** `loader` with a raw file. */
    address: z.string().optional(),
  }),
  z.object({ kind: z.literal('iso'), iso: z.string(), diskBytes: z.number().int() }),
  z.object({
    kind: z.literal('disk'),
    image: z.string(),
    format: z.enum(['qcow2', 'raw']).optional(),
    use: z.enum(['copy', 'in-place']),
  }),
]);
export type WizardSource = z.infer<typeof wizardSource>;

export const suggestion = z.object({
  request: createRequest,
  /** Why each answer was filled in, by field. */
  reasons: z.record(jsonPointer, z.string()),
});
export type Suggestion = z.infer<typeof suggestion>;

/** One argument (or option with its value) of the command line and the setting that made it. */
export const explainedArgument = z.object({
  /** As given to QEMU: `['-cpu', 'cortex-a72']`. */
  words: z.array(z.string()),
  /** Pointer into the definition, or null for what Armoire always adds. */
  setting: jsonPointer.nullable(),
  /** One sentence for a reader. */
  why: z.string(),
});
export type ExplainedArgument = z.infer<typeof explainedArgument>;

export const checkResult = z.object({
  problems: z.array(problem),
  /** Left out when the definition is too broken for one. */
  commandLine: z.array(explainedArgument).optional(),
  /** True when QEMU itself was dry-started with it and agreed. */
  proven: z.boolean(),
});
export type CheckResult = z.infer<typeof checkResult>;

/** Why a guest may print nothing. */
export const silence = z.object({
  /** Seconds from the start after which no byte is a sign that something is wrong. */
  patienceSeconds: z.int(),
  /** The most probable one first. */
  reasons: z.array(problem),
});
export type Silence = z.infer<typeof silence>;

export const refitResult = z.object({
  definition: vmDefinition,
  changes: z.array(z.object({ field: jsonPointer, from: z.string(), to: z.string(), why: z.string() })),
});
export type RefitResult = z.infer<typeof refitResult>;

export const metrics = z.object({
  /** ISO 8601. */
  at: z.string(),
  /** Percent of one host core used by QEMU since the last sample. */
  cpuPercent: z.number(),
  residentMiB: z.number(),
  diskReadBytesPerSecond: z.number(),
  diskWriteBytesPerSecond: z.number(),
});
export type Metrics = z.infer<typeof metrics>;
