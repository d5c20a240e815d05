// What is known of a file that a VM is to use: found by reading its header, never by running it.
import { z } from 'zod';
import { fileRef } from './definition.ts';

/** What a boot file is, from its first bytes. */
export const bootHeader = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('linux-arm64'),
    /** Kernel page size, when its header says. */
    pageSizeKiB: z.union([z.literal(4), z.literal(16), z.literal(64)]).optional(),
    bigEndian: z.boolean(),
    /** The Image is a PE/COFF too and can be started by UEFI. */
    efiStub: z.boolean(),
    imageSizeBytes: z.number(),
  }),
  z.object({ type: z.literal('linux-arm') }),
  z.object({
    type: z.literal('elf'),
    bits: z.union([z.literal(32), z.literal(64)]),
    /** ELF e_machine: 40 ARM, 183 AArch64. */
    machine: z.int(),
    machineName: z.string(),
    entry: z.string(),
    bigEndian: z.boolean(),
  }),
  z.object({
    type: z.literal('pe'),
    machine: z.int(),
    machineName: z.string(),
    /** A Linux kernel packed as an EFI program that unpacks itself (EFI zboot): with what it is compressed. */
    zboot: z.string().optional(),
  }),
  z.object({ type: z.literal('uimage'), description: z.string() }),
  z.object({ type: z.literal('compressed'), with: z.enum(['gzip', 'xz', 'zstd', 'bzip2', 'lz4']) }),
  z.object({ type: z.literal('device-tree'), sizeBytes: z.int() }),
  z.object({ type: z.literal('iso9660'), volume: z.string(), uefiArm64: z.boolean().optional() }),
  z.object({ type: z.literal('unknown') }),
]);
export type BootHeader = z.infer<typeof bootHeader>;

export const diskImageInfo = z.object({
  format: z.enum(['qcow2', 'raw', 'vmdk', 'vdi', 'vhdx', 'vpc', 'qcow', 'qed', 'luks']),
  virtualSizeBytes: z.number(),
  allocatedBytes: z.number(),
  /** Why Armoire will not open it: backing file, data file, extents; empty when it is safe. Phrases, see `imageSentence`. */
  refusals: z.array(z.string()),
  /** Raw that begins with another format's magic, or has no partition table: worth asking about. */
  doubts: z.array(z.string()),
});
export type DiskImageInfo = z.infer<typeof diskImageInfo>;

/** Refusals or doubts as one sentence: they are phrases such as `it is encrypted`. */
export function imageSentence(phrases: readonly string[]): string {
  const text = phrases.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

export const fileFact = z.object({
  file: fileRef,
  kind: z.enum(['file', 'directory', 'device', 'missing', 'unreadable']),
  sizeBytes: z.number(),
  writable: z.boolean(),
  header: bootHeader.optional(),
  disk: diskImageInfo.optional(),
  /** Name of the other VM that has this file as a writable disk. */
  usedBy: z.string().optional(),
});
export type FileFact = z.infer<typeof fileFact>;
