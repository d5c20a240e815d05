// What travels on a console's byte channel.
import { z } from 'zod';

/**
 * Binary frames from main: console bytes, in order, no gap. Binary frames to main: bytes for the UART.
 * Text frames are these, as JSON. An offset counts bytes since the console's first one, over all starts
 * of the VM, and never goes back.
 */
export const consoleFromMain = z.discriminatedUnion('type', [
  /** First of all, and again whenever what follows does not continue what came before. */
  z.object({
    type: z.literal('at'),
    offset: z.number().int(),
    /** Why the bytes jump: the oldest were dropped at the size cap, or someone cleared the console. */
    because: z.enum(['open', 'dropped', 'cleared']),
    /** The oldest byte still kept: smaller than `offset` when a viewer asked for the tail only. */
    oldest: z.number().int().optional(),
  }),
  /** Everything that QEMU has written so far was sent; more follows as it comes. */
  z.object({ type: z.literal('live') }),
  /** Keys cannot be delivered now (VM not running, or its input is full); they were dropped. */
  z.object({ type: z.literal('input-refused'), reason: z.string() }),
]);
export type ConsoleFromMain = z.infer<typeof consoleFromMain>;

/** Flow control: main keeps at most `consoleWindowBytes` unacknowledged bytes under way per viewer. */
export const consoleToMain = z.object({ type: z.literal('ack'), bytes: z.number().int().min(0) });
export type ConsoleToMain = z.infer<typeof consoleToMain>;

export const consoleWindowBytes = 512 * 1024;
