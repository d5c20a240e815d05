// Why QEMU ended, from what it announced, what was asked of it, and how the process went. Pure.
import type { FaultData } from '../contract/fault.ts';
import type { VmExit } from '../contract/vm.ts';

export interface EndFacts {
  /** QEMU's SHUTDOWN event, when one came (qapi/run-state.json, ShutdownCause). */
  announced?: { guest: boolean; reason: string } | undefined;
  forceStopAsked: boolean;
  /** Its memory is on disk. */
  savedAsked?: boolean;
  shutdownAsked: boolean;
  panicked: boolean;
  /** Known only when this process started QEMU. */
  exit?: { code: number | null; signal: NodeJS.Signals | null } | undefined;
  /** This manager was connected when it ended. */
  watched: boolean;
  /** QEMU removes its socket when it ends in order, and cannot when it is killed. */
  socketRemains: boolean;
}

/** A signal from outside counts as a crash: nobody asked for it here. */
export function exitKind(facts: EndFacts): VmExit['kind'] {
  if (facts.savedAsked) return 'saved';
  if (facts.forceStopAsked) return 'force-stop';
  if (facts.panicked) return 'guest-panic';
  const { announced } = facts;
  if (announced === undefined) return endedInOrder(facts) ? quietKind(facts) : 'crashed';
  switch (announced.reason) {
    case 'guest-shutdown':
    case 'guest-reset':
      return quietKind(facts);
    case 'guest-panic':
      return 'guest-panic';
    case 'host-qmp-quit':
      return 'shutdown';
    case 'host-signal':
    case 'host-error':
      return 'crashed';
    default:
      return announced.guest ? quietKind(facts) : 'shutdown';
  }
}

/** For a QEMU that was killed and so could say nothing; undefined when it had the chance to. */
export function killedFault(facts: EndFacts): FaultData | undefined {
  const signal = facts.exit?.signal;
  if (signal === undefined || signal === null) {
    if (facts.exit !== undefined || !facts.socketRemains) return undefined;
    return {
      code: 'qemu-failed',
      message: facts.watched
        ? 'QEMU was ended from outside, without a word.'
        : 'QEMU ended while Armoire was not running, and without a word.',
      remedy: 'Start the VM again. If it happens again, look in the system log for a lack of memory.',
    };
  }
  if (signal === 'SIGBUS') {
    return {
      code: 'qemu-failed',
      message:
        'A file that holds the guest’s memory could not be read: the disk failed, or the file was cut off.',
      remedy: 'Look at the disk of the library (its system log has more), then start the VM again.',
    };
  }
  return {
    code: 'qemu-failed',
    message: `QEMU was ended from outside by the signal ${signal}.`,
    remedy:
      signal === 'SIGKILL'
        ? 'Start the VM again. The system does this when memory runs out: give the VM less, or close something.'
        : 'Start the VM again; if it happens again, its log and the system log tell more.',
  };
}

function endedInOrder(facts: EndFacts): boolean {
  if (facts.exit !== undefined) return facts.exit.code === 0;
  return !facts.socketRemains;
}

function quietKind(facts: EndFacts): VmExit['kind'] {
  return facts.shutdownAsked ? 'shutdown' : 'guest-shutdown';
}
