// A board as the two sides talk about it: facts of one machine type on the QEMU in use.
import { z } from 'zod';
import { diskBus, machineOptions } from './definition.ts';

export const boardCpu = z.object({
  name: z.string(),
  bits: z.union([z.literal(32), z.literal(64), z.null()]),
  /** Fits this board: QEMU makes exactly this CPU. */
  fits: z.boolean(),
  /** Why it does not fit, or a word of advice when it does. */
  note: z.string().optional(),
});

export const boardUart = z.object({
  /** The board's word, such as `UART0 (PL011)`. */
  label: z.string(),
  /** Linux's console device, such as `ttyAMA0`, where Linux runs on the board. */
  guestName: z.string().optional(),
});

export const bootRoute = z.enum(['uefi', 'kernel', 'bios', 'pflash', 'elf', 'loader', 'sd', 'mtd']);
export type BootRoute = z.infer<typeof bootRoute>;

export const memoryRule = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('range'),
    minMiB: z.number(),
    maxMiB: z.number(),
    defaultMiB: z.number(),
    /** QEMU accepts more than the board's memory map has room for; the guest sees this much. */
    usableMiB: z.number().optional(),
  }),
  z.object({ kind: z.literal('list'), sizesMiB: z.array(z.number()), defaultMiB: z.number() }),
  z.object({ kind: z.literal('fixed'), MiB: z.number() }),
  /** The board takes `-m` and ignores it, or has memory of its own only. */
  z.object({ kind: z.literal('ignored'), MiB: z.number() }),
]);
export type MemoryRule = z.infer<typeof memoryRule>;

export const boardCard = z.object({
  /** Machine type as a user asks for it: `virt`, `raspi3b`. */
  name: z.string(),
  /** What a new VM pins: `virt-10.0` for `virt`, the name itself elsewhere. */
  machine: z.string(),
  title: z.string(),
  family: z.string(),
  /** A sentence for a newcomer. */
  summary: z.string(),
  recommended: z.boolean(),
  profiles: z.array(z.enum(['A64', 'A32', 'M', 'R'])),
  cpus: z.object({
    /** QEMU's own choice without `-cpu`: `cortex-a15` on virt. */
    default: z.string(),
    /** What a new VM takes: `cortex-a72` on virt. */
    recommended: z.string(),
    fixed: z.boolean(),
    /** Every model of this QEMU, those that fit first. */
    models: z.array(boardCpu),
    /** Cores by cluster where a SoC mixes them: `4 × cortex-a53, 2 × cortex-r5f`. */
    clusters: z.string().optional(),
  }),
  vcpus: z.object({ min: z.int(), max: z.int(), default: z.int() }),
  memory: memoryRule,
  boot: z.array(bootRoute),
  uarts: z.array(boardUart),
  diskBuses: z.array(diskBus),
  networkModels: z.array(z.string()),
  /** Switches that this machine type has; left out: none. */
  options: z.array(machineOptions.keyof()).optional(),
  /** ROMs or images the board needs from the user. */
  needs: z.array(z.string()),
  deprecated: z.string().optional(),
  sources: z.array(z.string()),
});
export type BoardCard = z.infer<typeof boardCard>;
