// Problems: what the rules find in a VM definition, each about one field, with a fix where there is one.
import { z } from 'zod';
import { json } from './json.ts';

/** RFC 6901 JSON pointer into a VM definition, such as `/cpu` or `/disks/0/file`. */
export const jsonPointer = z.string().regex(/^(\/([^/~]|~[01])*)*$/);

export const fixStep = z.discriminatedUnion('op', [
  z.object({ op: z.literal('set'), path: jsonPointer, value: json }),
  z.object({ op: z.literal('remove'), path: jsonPointer }),
]);

export const fix = z.object({
  /** The button's words, such as `Use cortex-a53`. */
  label: z.string(),
  steps: z.array(fixStep).min(1),
});
export type Fix = z.infer<typeof fix>;

export const severity = z.enum([
  'error', // QEMU refuses to start, silently makes other hardware than was asked for, or the guest cannot work
  'warning', // it starts, but something does not work as one would expect
  'hint', // it works; there is something better
]);

export const problem = z.object({
  /** Stable identifier of the rule, such as `cpu-ignored`. */
  rule: z.string(),
  field: jsonPointer,
  severity,
  /** What would really happen, in one or two sentences. */
  message: z.string(),
  fix: fix.optional(),
});
export type Problem = z.infer<typeof problem>;
