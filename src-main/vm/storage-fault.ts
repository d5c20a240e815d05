// What the file system's refusals mean to a user.
import { Fault } from '../contract/fault.ts';
import { errnoOf } from '../lib/errno.ts';

/**
 * A `Fault` for anything thrown by a write below `place`; one that is a `Fault` already passes through, and what
 * the system did not say (a defect) stays what it is.
 */
export function storageFault(error: unknown, doing: string, place: string): unknown {
  const code = errnoOf(error);
  const detail = error instanceof Error ? error.message : String(error);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new Fault(
        {
          code: 'disk-full',
          message: `There is no room left on the disk for ${doing}. Nothing was changed.`,
          remedy: `Free some space on the disk that holds ${place}, then try again.`,
          detail,
        },
        { cause: error },
      );
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new Fault(
        {
          code: 'library-unwritable',
          message: `${place} cannot be written, so ${doing} is not possible. Nothing was changed.`,
          remedy:
            code === 'EROFS'
              ? 'Its file system is mounted read-only: mount it writable, or choose another library.'
              : 'Give this user the right to write there, or choose another library.',
          detail,
        },
        { cause: error },
      );
    case 'EIO':
      return new Fault(
        {
          code: 'library-unwritable',
          message: `The disk that holds ${place} reported an error during ${doing}.`,
          remedy: 'Check the disk (its system log has more), and copy the library to a sound one.',
          detail,
        },
        { cause: error },
      );
    default:
      return error;
  }
}

/** Does the work and turns the file system's refusals into faults. */
export async function storing<T>(doing: string, place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageFault(error, doing, place);
  }
}
