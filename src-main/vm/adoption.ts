// Decides what a manager that comes back may believe about a VM: running, ended, or in doubt. Pure.
import type { FaultData } from '../contract/fault.ts';
import type { ProcessEntry } from '../lib/process-table.ts';
import type { ProcessOf, RunningRecord, RunRecord, StartingRecord } from './run-record.ts';

export interface AdoptionFacts {
  record: RunRecord | 'damaged' | null;
  /** The VM's directory now. */
  directory: string;
  /** The directory that the record names is still there, and is another one. */
  originalExists: boolean;
  bootId: string;
  /** Start time of the process that the record names, now; null when there is none. */
  recordedProcessStart: string | null;
  /** Processes with this VM's UUID on their command line, with their start times. */
  namesakes: readonly (ProcessEntry & { processStart: string })[];
}

export type Verdict =
  | { kind: 'off' }
  /** It was started once and no longer runs. */
  | {
      kind: 'ended';
      record: StartingRecord | RunningRecord;
      because: 'host-restart' | 'gone' | 'never-began';
    }
  /** Process and command line agree: QMP has the last word. */
  | { kind: 'candidate'; record: StartingRecord | RunningRecord; process: ProcessOf }
  | { kind: 'doubt'; fault: FaultData };

export function judge(facts: AdoptionFacts): Verdict {
  const { record, namesakes } = facts;
  if (record === 'damaged' || record === null || record.phase === 'ended') {
    const [stranger] = namesakes;
    return stranger
      ? doubt(`process ${stranger.pid} has this VM's UUID, but Armoire did not note its start`)
      : { kind: 'off' };
  }
  if (facts.originalExists && record.directory !== facts.directory) {
    return namesakes.length > 0
      ? doubt(`it is a copy of the VM in ${record.directory}, which runs`)
      : { kind: 'off' };
  }
  return record.phase === 'starting' ? judgeStarting(facts, record) : judgeRunning(facts, record);
}

/** The manager died between noting that it would start QEMU and noting that it had. */
function judgeStarting(facts: AdoptionFacts, record: StartingRecord): Verdict {
  const [first, second] = facts.namesakes;
  if (!first) {
    return {
      kind: 'ended',
      record,
      because: facts.bootId === record.bootId ? 'never-began' : 'host-restart',
    };
  }
  if (second) return doubt(`several processes have its UUID (${first.pid}, ${second.pid})`);
  if (facts.bootId !== record.bootId || !first.commandLine.includes(record.runtimeDirectory)) {
    return doubt(`process ${first.pid} has its UUID, but was not started by Armoire`);
  }
  return { kind: 'candidate', record, process: { pid: first.pid, processStart: first.processStart } };
}

function judgeRunning(facts: AdoptionFacts, record: RunningRecord): Verdict {
  const sameBoot = facts.bootId === record.bootId;
  const alive = sameBoot && facts.recordedProcessStart === record.processStart;
  const [stranger] = facts.namesakes.filter(({ pid }) => !alive || pid !== record.pid);
  if (stranger) return doubt(`process ${stranger.pid} has its UUID, but is not the one that Armoire started`);
  if (!alive) return { kind: 'ended', record, because: sameBoot ? 'gone' : 'host-restart' };
  if (facts.namesakes.length === 0) {
    return doubt(`process ${record.pid} is the one that was started, but its command line does not say so`);
  }
  return { kind: 'candidate', record, process: { pid: record.pid, processStart: record.processStart } };
}

function doubt(why: string): Verdict {
  return { kind: 'doubt', fault: doubtFault(why) };
}

/** `why`: the rest of a sentence. */
export function doubtFault(why: string, detail?: string): FaultData {
  return {
    code: 'wrong-state',
    message: `Something runs that may be this VM: ${why}.`,
    remedy:
      'Armoire starts no second copy and ends nothing on doubt. Look at that process; once it is gone, the VM can be started.',
    ...(detail !== undefined && { detail }),
  };
}
