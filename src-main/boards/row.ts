// The form of a row of the board table (resources/boards/<family>.json) and of the CPU table (resources/boards/cpus.json).
import { z } from 'zod';
import { boardUart, bootRoute, memoryRule } from '../contract/board.ts';
import { diskBus, machineOptions } from '../contract/definition.ts';

const version = z.string().regex(/^\d+\.\d+$/, 'A QEMU version such as 9.0.');
const cpuName = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/);

/** What QEMU does with a `-cpu` that the board does not have. */
export const cpuPolicy = z.enum([
  'validated', // refuses to start and names the right ones
  'ignored', // starts with the board's own CPU and says nothing
  'unchecked', // makes what was asked for, as long as the SoC can be wired to it (`accepts`)
]);
export type CpuPolicy = z.infer<typeof cpuPolicy>;

export const profile = z.enum(['A', 'R', 'M']);
export type Profile = z.infer<typeof profile>;

const cpuRow = z.strictObject({
  /** QEMU's own choice without `-cpu`. */
  default: cpuName,
  /** What Armoire takes for a new VM, where that is not QEMU's default. */
  recommended: cpuName.optional(),
  /** The models that this hardware has or had, and that QEMU makes when asked. */
  fits: z.array(cpuName).min(1),
  /** One policy, or what it is from which version on. */
  policy: z.union([cpuPolicy, z.record(version, cpuPolicy)]),
  /** `unchecked` only: what QEMU accepts here besides, by profile or model; the rest it refuses. */
  accepts: z.array(z.union([profile, cpuName])).optional(),
  /** Cores by cluster where a SoC mixes them, such as `4 × cortex-a53, 2 × cortex-r5f`. */
  clusters: z.string().optional(),
  /** How many of the SoC's cores are `default`; vCPUs beyond them become the other clusters' cores. */
  mainCores: z.int().min(1).optional(),
  /** Models that QEMU makes in their own place whatever `-cpu` says: the R5Fs of a Zynq. */
  besides: z.array(cpuName).optional(),
  /** Advice on single models, such as one that starts but boots nothing. */
  notes: z.record(cpuName, z.string()).optional(),
});

const vcpuRow = z
  .strictObject({ min: z.int().min(1), max: z.int().min(1), default: z.int().min(1) })
  .refine(({ min, max, default: usual }) => min <= usual && usual <= max, 'min <= default <= max');

const diskRow = z.strictObject({
  bus: diskBus,
  /** How many of them; left out: as many as fit a definition. */
  max: z.int().min(1).optional(),
  /**
   * The model to add by `-device` (flash chips at `bus=ssi.0,cs=0`; discs as `ide-cd`). Left out: the board's own code
   * connects what `-drive if=<bus>` gives. Measured with `-nodefaults`, under which ASPEED boards take no `-drive`.
   */
  device: z.string().optional(),
  /** `mtd`: the size that an image must have. */
  sizeMiB: z.int().min(1).optional(),
  /** The controller or connector, such as `PL181 SD slot`. */
  label: z.string(),
});

const networkRow = z.strictObject({
  /** The board's own controller, wired by `-nic`. */
  onboard: z.strictObject({ model: z.string(), count: z.int().min(1) }).optional(),
  /** Models that `-device` can add, the recommended one first. */
  models: z.array(z.string()),
});

export const machineOptionName = machineOptions.keyof();
export type MachineOptionName = z.infer<typeof machineOptionName>;

const facts = z.strictObject({
  /** The machine type; for a versioned one the name without its version (`virt`). */
  name: z.string(),
  /** Names that other versions of QEMU give to this same machine. */
  aliases: z.array(z.string()).optional(),
  title: z.string(),
  /** A sentence for a newcomer. */
  summary: z.string().min(20),
  recommended: z.literal(true).optional(),
  profiles: z.array(z.enum(['A64', 'A32', 'M', 'R'])).min(1),
  cpu: cpuRow,
  vcpus: vcpuRow,
  memory: memoryRule,
  /** The most RAM with which QEMU can start a Linux kernel itself: what lies in several blocks it describes as one. */
  kernelMemoryMiB: z.int().min(1).optional(),
  boot: z.array(bootRoute),
  /** Size of one flash device, which a firmware image must not exceed. */
  flashMiB: z.int().min(1).optional(),
  /** Whether QEMU makes the device tree (`made`) or a Linux kernel of today must be given one (`needed`). */
  deviceTree: z.enum(['made', 'needed']).optional(),
  /** The one that ships with Armoire (resources/boards/device-trees/) and is used where the user gives none. */
  deviceTreeShipped: z
    .string()
    .regex(/^[a-z0-9-]+\.dtb$/)
    .optional(),
  /** Where to find the device tree: a sentence. */
  deviceTreeFile: z.string().optional(),
  /** In the order of QEMU's `-serial` options. */
  uarts: z.array(boardUart).min(1),
  /** The place in `uarts` of the one that the board's software prints on; left out: the first. */
  consoleUart: z.int().min(0).optional(),
  disks: z.array(diskRow),
  /** How virtio devices are attached. */
  virtio: z.enum(['pci', 'mmio']).optional(),
  network: networkRow,
  /** Switches that this machine type has. */
  options: z.array(machineOptionName).optional(),
  /** ROMs or images that the user must bring. */
  needs: z.array(z.string()),
  /** Why, and what to take instead. */
  deprecated: z.string().optional(),
  /** First and last version of QEMU with it; left out: before 8.2, still there in 11.1. */
  since: version.optional(),
  until: version.optional(),
  /** Where the facts come from. */
  sources: z.array(z.string()).min(1),
});

export const boardRow = facts.extend({
  /** Facts that differ from a version of QEMU on; later entries win. */
  changes: z.array(facts.partial().extend({ from: version })).optional(),
});
export type BoardRow = z.infer<typeof boardRow>;

export const boardFamily = z.strictObject({
  /** For editors: `board-family.schema.json`. */
  $schema: z.string().optional(),
  family: z.string(),
  boards: z.array(boardRow).min(1),
});

export const cpuFacts = z.strictObject({
  bits: z.union([z.literal(32), z.literal(64)]),
  profile,
  /** EL2 and EL3 (hypervisor, TrustZone) as QEMU models them. */
  el2: z.boolean(),
  el3: z.boolean(),
  /** Physical address bits that QEMU lets RAM use. */
  addressBits: z.int().optional(),
  /** 64-bit CPU whose EL1 runs a 32-bit kernel too. */
  kernel32: z.boolean().optional(),
  mte: z.boolean().optional(),
  /** Page sizes of the MMU in KiB (ID_AA64MMFR0_EL1). */
  granulesKiB: z.array(z.union([z.literal(4), z.literal(16), z.literal(64)])).optional(),
});
export type CpuFacts = z.infer<typeof cpuFacts>;

export const cpuTable = z.strictObject({
  $schema: z.string().optional(),
  sources: z.array(z.string()).min(1),
  cpus: z.record(cpuName, cpuFacts),
});

/** JSON schemas by file name; `build/scripts/board-schema.ts` writes them beside the table. */
export function boardSchemas(): Record<string, unknown> {
  return {
    'board-family.schema.json': z.toJSONSchema(boardFamily),
    'cpus.schema.json': z.toJSONSchema(cpuTable),
  };
}
