import { describe, expect, it } from 'vitest';
import { type AdoptionFacts, judge } from './adoption.ts';
import type { RunningRecord, StartingRecord } from './run-record.ts';
import { definitionWith } from './testing.ts';

const starting: StartingRecord = {
  phase: 'starting',
  bootId: 'this boot',
  directory: '/library/vm',
  runtimeDirectory: '/run/vm',
  startedAt: '2025-01-01T00:00:00.000Z',
  qemuPath: '/usr/bin/qemu-system-aarch64',
  qemuVersion: '10.0.2',
  accelerator: 'tcg',
  document: {
    schemaVersion: 2,
    revision: 1,
    createdAt: '2025-01-01T00:00:00.000Z',
    definition: definitionWith(),
    present: { id: null, parent: null, layers: {} },
    base: null,
    resetTo: null,
  },
  logFrom: 0,
};
const running: RunningRecord = { ...starting, phase: 'running', pid: 100, processStart: '555' };
const qemu = { pid: 100, processStart: '555', commandLine: 'qemu\0-uuid\0x\0/run/vm/qmp.sock' };

const facts = (changes: Partial<AdoptionFacts>): AdoptionFacts => ({
  record: running,
  directory: '/library/vm',
  originalExists: false,
  bootId: 'this boot',
  recordedProcessStart: '555',
  namesakes: [qemu],
  ...changes,
});

describe('judge', () => {
  it('takes over when pid, start time and command line agree', () => {
    expect(judge(facts({}))).toEqual({
      kind: 'candidate',
      record: running,
      process: { pid: 100, processStart: '555' },
    });
  });

  it('finds a QEMU whose start was noted and whose pid was not', () => {
    expect(judge(facts({ record: starting, recordedProcessStart: null }))).toMatchObject({
      kind: 'candidate',
      process: { pid: 100, processStart: '555' },
    });
  });

  it.each([
    ['the process is gone', { recordedProcessStart: null, namesakes: [] }, 'gone'],
    ['its pid is another process now', { recordedProcessStart: '777', namesakes: [] }, 'gone'],
    ['the computer was restarted', { bootId: 'next boot', namesakes: [] }, 'host-restart'],
    [
      'nothing came of a start',
      { record: starting, recordedProcessStart: null, namesakes: [] },
      'never-began',
    ],
    [
      'the computer went down in a start',
      { record: starting, bootId: 'next boot', namesakes: [] },
      'host-restart',
    ],
  ] as const)('knows that it ended when %s', (_, changes, because) => {
    expect(judge(facts(changes))).toMatchObject({ kind: 'ended', because });
  });

  it.each([
    ['never started', { record: null, namesakes: [] }],
    ['ended before', { record: { phase: 'ended', exit: { at: '', kind: 'shutdown' } }, namesakes: [] }],
    ['with a damaged note and nothing that runs', { record: 'damaged', namesakes: [] }],
    ['a copy of a VM that does not run', { originalExists: true, directory: '/copy/vm', namesakes: [] }],
  ] as const)('lets a VM be off that was %s', (_, changes) => {
    expect(judge(facts(changes as Partial<AdoptionFacts>))).toEqual({ kind: 'off' });
  });

  const stranger = { pid: 200, processStart: '888', commandLine: 'qemu\0-uuid\0x\0/elsewhere/qmp.sock' };
  it.each([
    ['nobody noted the process', { record: null }],
    ['the note is damaged', { record: 'damaged' }],
    ['the last run was noted as ended', { record: { phase: 'ended', exit: { at: '', kind: 'shutdown' } } }],
    ['a second process has its UUID', { namesakes: [qemu, stranger] }],
    ['only another process has its UUID', { recordedProcessStart: null, namesakes: [stranger] }],
    ['the process does not look like it', { namesakes: [] }],
    ['it is a copy of a VM that runs', { originalExists: true, directory: '/copy/vm' }],
    ['two came of one start', { record: starting, recordedProcessStart: null, namesakes: [qemu, stranger] }],
    [
      'what came of a start is not from here',
      { record: starting, recordedProcessStart: null, namesakes: [stranger] },
    ],
    ['a start was noted before the computer went down', { record: starting, bootId: 'next boot' }],
  ] as const)('is in doubt when %s', (_, changes) => {
    const verdict = judge(facts(changes as Partial<AdoptionFacts>));
    expect(verdict).toMatchObject({ kind: 'doubt', fault: { code: 'wrong-state' } });
  });

  it('follows a library that was moved while its VMs ran', () => {
    expect(judge(facts({ directory: '/moved/vm', originalExists: false }))).toMatchObject({
      kind: 'candidate',
    });
  });
});
