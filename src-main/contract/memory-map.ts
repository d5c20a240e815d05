// The guest's address space as the Board tab shows it: ranges, what is in them, and whether QEMU makes it.
import { z } from 'zod';
import { hexAddress } from './definition.ts';
import { faultData } from './fault.ts';

export const mapRegion = z.object({
  start: hexAddress,
  /** The last byte: `0x09000fff` for a page at 0x09000000. */
  end: hexAddress,
  /** Bytes, in hexadecimal too. */
  size: hexAddress,
  /** The node's name with its unit address (`pl011@9000000`), or QEMU's word for the range. */
  name: z.string(),
  /** For a reader: `UART (PL011)`. */
  label: z.string(),
  kind: z.enum(['ram', 'rom', 'flash', 'device', 'bus', 'reserved']),
  /** The device tree's words for what it is, the most exact one first. */
  compatible: z.array(z.string()),
  /** Such as `SPI 1 (33), level high`. */
  interrupts: z.array(z.string()),
  /** Path of the node: `/pl011@9000000`; left out where there is no device tree. */
  path: z.string().optional(),
  /**
   * What QEMU has there: a device or memory, a placeholder that reads as zero and forgets what is written, or nothing
   * at all (an access is a fault). A device tree from elsewhere names more than QEMU makes.
   */
  made: z.enum(['yes', 'placeholder', 'no']),
});
export type MapRegion = z.infer<typeof mapRegion>;

export const memoryMap = z.object({
  /** Where names and ranges come from. */
  source: z.enum(['device-tree', 'qemu']),
  /** The lowest first; one may lie inside of another. */
  regions: z.array(mapRegion),
  /** The device tree as the guest gets it, in source form; left out where there is none. */
  dts: z.string().optional(),
  /** There is a device tree, and it cannot be read. */
  treeFault: faultData.optional(),
});
export type MemoryMap = z.infer<typeof memoryMap>;

/** The compiled device tree, or its source. */
export const deviceTreeForm = z.enum(['dtb', 'dts']);
export type DeviceTreeForm = z.infer<typeof deviceTreeForm>;
