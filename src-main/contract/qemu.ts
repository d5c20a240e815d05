// What a QEMU binary can do, as it said itself over QMP; cached by the binary's identity.
import { z } from 'zod';
import { accelerator } from './definition.ts';
import { faultData } from './fault.ts';

export const qemuVersion = z.object({
  major: z.int(),
  minor: z.int(),
  micro: z.int(),
  /** As printed, with the distributor's addition: `10.0.2 (Debian 1:10.0.2+ds-2)`. */
  text: z.string(),
});
export type QemuVersion = z.infer<typeof qemuVersion>;

export const qemuMachine = z.object({
  name: z.string(),
  description: z.string(),
  alias: z.string().optional(),
  defaultCpu: z.string().optional(),
  maxVcpus: z.int(),
  deprecated: z.boolean(),
});
export type QemuMachine = z.infer<typeof qemuMachine>;

export const qemuCpu = z.object({
  /** Name for `-cpu`. */
  name: z.string(),
  /** QOM type, such as `cortex-a53-arm-cpu`: what `query-cpus-fast` reports. */
  typename: z.string(),
  /** 64 exactly when the model has the `aarch64` property; null where it cannot be asked (`host` without KVM). */
  bits: z.union([z.literal(32), z.literal(64), z.null()]),
  deprecated: z.boolean(),
});

export const acceleratorReport = z.object({
  name: accelerator,
  usable: z.boolean(),
  /** One sentence, also when usable: why, and what it means. */
  reason: z.string(),
});
export type AcceleratorReport = z.infer<typeof acceleratorReport>;

/** QEMU's interop/firmware.json, with absolute paths. */
export const firmwareDescriptor = z.object({
  descriptor: z.string(),
  description: z.string(),
  architecture: z.string(),
  /** Globs such as `virt-*`. */
  machines: z.array(z.string()),
  mapping: z.enum(['flash', 'memory']),
  executable: z.string(),
  executableFormat: z.enum(['raw', 'qcow2']),
  nvramTemplate: z.string().optional(),
  nvramTemplateFormat: z.enum(['raw', 'qcow2']).optional(),
  features: z.array(z.string()),
});
export type FirmwareDescriptor = z.infer<typeof firmwareDescriptor>;

export const qemuFeature = z.enum([
  'sandbox', // built with seccomp: `-sandbox` can be given
  'user-network', // built with slirp: `-netdev user`
  'mapped-ram', // migration to a file with one place per page (9.0)
]);
export type QemuFeature = z.infer<typeof qemuFeature>;

export const qemuOrigin = z.enum(['setting', 'bundled', 'path']);

export const qemuCapabilities = z.object({
  path: z.string(),
  origin: qemuOrigin,
  version: qemuVersion,
  machines: z.array(qemuMachine),
  cpus: z.array(qemuCpu),
  accelerators: z.array(acceleratorReport),
  /** User-creatable device models. */
  devices: z.array(z.string()),
  features: z.array(qemuFeature),
  firmware: z.array(firmwareDescriptor),
  /** `qemu-img` of the same installation, when there. */
  imgPath: z.string().optional(),
});
export type QemuCapabilities = z.infer<typeof qemuCapabilities>;

export const qemuCandidate = z.object({
  path: z.string(),
  origin: qemuOrigin,
  version: qemuVersion.optional(),
  /** Why it is not used. */
  fault: faultData.optional(),
});
export type QemuCandidate = z.infer<typeof qemuCandidate>;

export const qemuReport = z.object({
  /** The one in use; null when none is usable: then `fault` says why. */
  inUse: qemuCapabilities.nullable(),
  fault: faultData.optional(),
  candidates: z.array(qemuCandidate),
});
export type QemuReport = z.infer<typeof qemuReport>;
