// How talking to QEMU fails: it is silent, it is gone, it is something else.
import { Fault } from '../contract/fault.ts';
import { errnoOf } from '../lib/errno.ts';

export function silentFault(what: string, timeoutMs: number): Fault {
  return new Fault({
    code: 'qemu-silent',
    message: `QEMU has not answered ${what} for ${timeoutMs / 1000} s.`,
    remedy:
      'It may be stopped by a signal or waiting for a disk: wait a little, or force the machine to stop.',
  });
}

export function endedFault(what: string, reason: string | undefined): Fault {
  return new Fault({
    code: 'qemu-failed',
    message: `QEMU ended the connection before it answered ${what}.`,
    remedy: 'Its last words are in the log of the machine.',
    ...(reason === undefined ? {} : { detail: reason }),
  });
}

export function notQmpFault(what: string): Fault {
  return new Fault({
    code: 'qemu-broken',
    message: 'What answers at the place of QEMU does not speak its protocol.',
    remedy: 'Stop the program that uses the socket, or start the machine again.',
    detail: what,
  });
}

/** Nothing listens there, or the system forbids it. */
export function connectFault(socketPath: string, error: Error): Fault {
  const code = errnoOf(error);
  const nothing = code === 'ENOENT' || code === 'ECONNREFUSED';
  return new Fault(
    {
      code: nothing ? 'not-found' : 'qemu-failed',
      message: nothing ? 'No QEMU listens at its socket.' : 'The socket of QEMU cannot be opened.',
      remedy: nothing ? 'The machine does not run: start it.' : 'The details hold the reason.',
      detail: `${socketPath}: ${error.message}`,
    },
    { cause: error },
  );
}
