// A VM's definition: everything that decides its hardware and boot, nothing about this host.
import { z } from 'zod';

/** No control characters, not blank: shown in menus, passed to QEMU, used in file dialogs. */
export const vmName = z
  .string()
  .trim()
  .min(1, 'A name is needed.')
  .max(80, 'At most 80 characters.')
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'Line breaks and control characters cannot be part of a name.');

/**
 * A file. Relative: inside of the VM's own directory (`disks/…`, `firmware/…`). Absolute: a file of the
 * user's, used in place. No `..`, no NUL, no line break.
 */
export const fileRef = z
  .string()
  .min(1, 'Choose a file.')
  .max(4096)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
  .regex(/^[^\u0000-\u001f]*$/, 'Control characters cannot be part of a path.')
  .refine((path) => !path.split(/[\\/]/).includes('..'), 'A path with ".." is not accepted.');

export const vmId = z.uuid();

/** A guest physical address: `0x` and 1 to 16 hexadecimal digits. A string: JSON numbers stop at 2^53. */
export const hexAddress = z.string().regex(/^0x[0-9a-fA-F]{1,16}$/, 'An address such as 0x40100000.');

export const boot = z.discriminatedUnion('kind', [
  /** UEFI firmware found by QEMU's firmware descriptors; variables are per VM. */
  z.object({ kind: z.literal('uefi') }),
  /** Linux boot protocol: QEMU loads kernel, initrd, device tree. */
  z.object({
    kind: z.literal('kernel'),
    kernel: fileRef,
    initrd: fileRef.optional(),
    /** Left out: the board makes its own (virt), or the guest has none. */
    dtb: fileRef.optional(),
    cmdline: z.string().max(2048),
  }),
  /** A firmware image by `-bios`. */
  z.object({ kind: z.literal('bios'), file: fileRef }),
  /** Firmware in parallel flash: code (unit 0, read-only) and optional variables (unit 1). */
  z.object({ kind: z.literal('pflash'), code: fileRef, vars: fileRef.optional() }),
  /** A bare-metal ELF by `-kernel`: loaded by its program headers, started at its entry. */
  z.object({ kind: z.literal('elf'), file: fileRef }),
  /** Nothing but the loader list (`loaders`); the first one with `start` sets the program counter. */
  z.object({ kind: z.literal('loader') }),
  /** The board's own boot media: SD card, flash memory. */
  z.object({ kind: z.literal('media') }),
]);
export type Boot = z.infer<typeof boot>;

/** `-device loader`: a raw file at an address, or an ELF where its headers say. */
export const loaderImage = z.object({
  file: fileRef,
  /** Left out for an ELF. */
  address: hexAddress.optional(),
  /** The core whose program counter is set to the image's start; left out: load only. */
  core: z.int().min(0).max(511).optional(),
});
export type LoaderImage = z.infer<typeof loaderImage>;

export const diskBus = z.enum(['virtio', 'scsi', 'usb', 'nvme', 'ide', 'sd', 'mtd']);
export type DiskBus = z.infer<typeof diskBus>;

export const disk = z.object({
  /** Stable name of the drive inside of this VM: letters, digits, dashes. Becomes QEMU's node name. */
  id: z.string().regex(/^[a-z][a-z0-9-]{0,20}$/),
  file: fileRef,
  format: z.enum(['qcow2', 'raw']),
  media: z.enum(['disk', 'cdrom']),
  bus: diskBus,
  readOnly: z.boolean(),
  /** An image that is smaller is grown to this before the next start: SD cards and flash chips come in certain sizes. */
  growToBytes: z
    .int()
    .min(512)
    .max(16 * 1024 ** 4)
    .optional(),
  /** Order of boot for UEFI: 0 first; left out: not tried. */
  bootIndex: z.int().min(0).max(99).optional(),
});
export type Disk = z.infer<typeof disk>;

export const portForward = z.object({
  protocol: z.enum(['tcp', 'udp']),
  /** Address on this host; 127.0.0.1 keeps it to this computer. */
  hostAddress: z.ipv4(),
  hostPort: z.int().min(1).max(65535),
  guestPort: z.int().min(1).max(65535),
});
export type PortForward = z.infer<typeof portForward>;

export const network = z.object({
  mode: z.enum(['none', 'user']),
  /** QEMU device model such as `virtio-net-pci`, or `onboard` for the board's own controller. */
  model: z.string().regex(/^[a-z0-9][a-z0-9_.-]*$/),
  mac: z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/),
  forwards: z.array(portForward).max(64),
});
export type Network = z.infer<typeof network>;

/** Switches of the machine type; one left out stays at the machine's default. Rules say where each exists. */
export const machineOptions = z.object({
  gicVersion: z.enum(['2', '3', '4', 'host', 'max']).optional(),
  /** EL2. */
  virtualization: z.boolean().optional(),
  /** EL3 and TrustZone. */
  secure: z.boolean().optional(),
  highmem: z.boolean().optional(),
  mte: z.boolean().optional(),
  iommu: z.enum(['none', 'smmuv3']).optional(),
});
export type MachineOptions = z.infer<typeof machineOptions>;

export const debugOptions = z.object({
  /** GDB stub on 127.0.0.1. */
  gdb: z.object({ enabled: z.boolean(), port: z.int().min(1024).max(65535) }),
  /** Vcpus wait for Resume (or GDB's `continue`) after start. */
  startHalted: z.boolean(),
  semihosting: z.boolean(),
});

export const accelerator = z.enum(['tcg', 'kvm', 'hvf']);
export type Accelerator = z.infer<typeof accelerator>;

export const vmDefinition = z.object({
  name: vmName,
  note: z.string().max(4000),
  /** How it came to be; decides icon and words, never hardware. */
  origin: z.enum(['sample', 'kernel', 'firmware', 'iso', 'disk', 'catalogue']),
  /** QEMU machine type; versioned where there are versions (`virt-10.0`). */
  machine: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/),
  machineOptions,
  /** QEMU CPU model, such as `cortex-a72`, `host`. */
  cpu: z.string().regex(/^[a-z0-9][a-z0-9._+-]*$/),
  vcpus: z.int().min(1).max(512),
  memoryMiB: z.int().min(1).max(16_777_216),
  /** `auto`: KVM or HVF where usable for this guest, else TCG. */
  accelerator: z.enum(['auto', ...accelerator.options]),
  boot,
  loaders: z.array(loaderImage).max(16),
  disks: z.array(disk).max(26),
  network,
  /** How many of the board's UARTs get a console, in the board's order. */
  uarts: z.int().min(1).max(16),
  debug: debugOptions,
});
export type VmDefinition = z.infer<typeof vmDefinition>;
