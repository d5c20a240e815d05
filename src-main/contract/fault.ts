// Faults: the one error type that crosses every boundary, always with a code, a sentence and a way out.
import { z } from 'zod';
import { fix } from './problem.ts';

export const faultCode = z.enum([
  'bad-input', // a value the user gave cannot be used
  'not-found', // no such VM, console, file
  'conflict', // someone else changed it first, or it already exists
  'wrong-state', // the VM's state does not allow it
  'library-in-use', // another Armoire owns the library
  'library-unwritable', // read-only, no permission, not a directory
  'disk-full',
  'damaged', // a file of the library cannot be read as what it should be
  'qemu-missing',
  'qemu-too-old',
  'qemu-broken', // found, but does not answer as QEMU does
  'qemu-failed', // QEMU ended or refused; `detail` holds its last words
  'qemu-silent', // QEMU does not answer on QMP (stopped, hung)
  'file-unusable', // missing, unreadable, a directory, a device, not what it claims to be
  'image-refused', // an image that could make QEMU open other files
  'port-unusable', // busy or privileged
  'not-permitted', // outside of the allowed roots, or not the owner
  'unsupported', // this host or this QEMU cannot do it
  'cancelled',
  'internal', // a defect of Armoire
]);
export type FaultCode = z.infer<typeof faultCode>;

export const faultData = z.object({
  code: faultCode,
  /** One sentence: what went wrong. */
  message: z.string(),
  /** One sentence: what to do about it. */
  remedy: z.string(),
  /** JSON pointer into the VM definition, when one field is at fault. */
  field: z.string().optional(),
  /** Raw text for the curious: QEMU's last words, an errno. */
  detail: z.string().optional(),
  /** A change of the definition that one click applies. */
  fix: fix.optional(),
});
export type FaultData = z.infer<typeof faultData>;

export class Fault extends Error {
  override readonly name = 'Fault';
  readonly data: FaultData;

  constructor(data: FaultData, options?: { cause?: unknown }) {
    super(data.message, options);
    this.data = data;
  }

  get code(): FaultCode {
    return this.data.code;
  }
}

/** Turns anything thrown into fault data; what is not a `Fault` is a defect and keeps its message as detail. */
export function toFaultData(error: unknown): FaultData {
  if (error instanceof Fault) return error.data;
  const detail = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: 'Something unexpected went wrong inside Armoire.',
    remedy: 'Try again; if it happens again, report it together with the details below.',
    detail,
  };
}
