// Proves the rule engine against a QEMU binary: makes every board with every CPU, and at the edges of every rule.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Fault } from '../../src-main/contract/fault.ts';
import type { QemuCapabilities } from '../../src-main/contract/qemu.ts';
import { probeBinary } from '../../src-main/qemu/probe.ts';
import { qemuBundleDir } from './paths.ts';
import { formatSeconds, isProgram, runScript, say } from './script.ts';
import { type Case, type CaseGroup, caseGroups, casesFor, disagreement } from './verify-boards/cases.ts';
import { makeStandIns, runTrial, type TrialResult } from './verify-boards/trial.ts';

export interface Verdict extends Case {
  result: TrialResult;
  /** A sentence, where QEMU did something else than the engine said. */
  disagreement?: string;
}

export interface VerifyOptions {
  groups: readonly CaseGroup[];
  /** Names of boards; left out: all of this QEMU. */
  boards?: readonly string[];
  /** How many QEMUs run at once. */
  jobs: number;
  /** Which of the cases are tried; left out: all. */
  pick?: (one: Case, index: number) => boolean;
  onProgress?: (done: number, all: number) => void;
  /** At once: a run takes long, and one that is broken off has said what it found. */
  onDisagreement?: (verdict: Verdict) => void;
}

/** What the binary says of itself, as the rules want it; accelerators and firmware have no part in this. */
export async function capabilitiesOf(program: string): Promise<QemuCapabilities> {
  const facts = await probeBinary(program);
  return { ...facts, path: program, origin: 'setting', accelerators: [], firmware: [] };
}

/** Tries the cases; resolves when every QEMU has ended. */
export async function verifyBoards(qemu: QemuCapabilities, options: VerifyOptions): Promise<Verdict[]> {
  const directory = await mkdtemp(path.join(tmpdir(), 'armoire-verify-'));
  try {
    const standIns = await makeStandIns(directory);
    const all = casesFor(qemu, options.groups, options.boards);
    const waiting = options.pick === undefined ? all : all.filter(options.pick);
    const verdicts: Verdict[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let one = waiting[next++]; one !== undefined; one = waiting[next++]) {
        const result = await runTrial(qemu.path, one.trial, standIns);
        const difference = disagreement(one, result);
        const verdict = { ...one, result, ...(difference === undefined ? {} : { disagreement: difference }) };
        verdicts.push(verdict);
        if (difference !== undefined) options.onDisagreement?.(verdict);
        options.onProgress?.(verdicts.length, waiting.length);
      }
    };
    await Promise.all(Array.from({ length: options.jobs }, worker));
    return verdicts;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** How many pairs end how, as the table of the documentation has it. */
function tally(verdicts: readonly Verdict[]): string[] {
  const pairs = verdicts.filter(({ group }) => group === 'cpu');
  const count = (test: (one: Verdict) => boolean) => pairs.filter(test).length;
  const refused = count(({ result }) => result.cpus === undefined);
  const other = count(
    ({ result, trial }) => result.cpus !== undefined && !result.cpus.includes(trial.cpu ?? ''),
  );
  const groups = caseGroups.map((group) => {
    const of = verdicts.filter((one) => one.group === group);
    const wrong = of.filter((one) => one.disagreement !== undefined).length;
    return of.length === 0 ? [] : [`${group}: ${of.length} cases, ${wrong} disagreements`];
  });
  return [
    ...groups.flat(),
    `of ${pairs.length} pairs of board and CPU, QEMU refuses ${refused} and runs ${other} with another CPU than asked`,
  ];
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      qemu: { type: 'string', default: path.join(qemuBundleDir, 'bin', 'qemu-system-aarch64') },
      boards: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'string' },
      jobs: { type: 'string', default: '2' },
    },
  });
  const groups =
    values.only === undefined
      ? caseGroups
      : caseGroups.filter((one) => values.only?.split(',').includes(one));
  if (groups.length === 0) {
    throw new Fault({
      code: 'bad-input',
      message: `--only takes ${caseGroups.join(', ')}, not "${values.only}".`,
      remedy: 'Give one or several of them, separated by commas.',
    });
  }
  return { ...values, groups, jobs: Math.max(1, Number(values.jobs) || 1) };
}

async function main(): Promise<void> {
  const { qemu: program, boards, groups, jobs, json } = readOptions();
  const qemu = await capabilitiesOf(path.resolve(program));
  say(`QEMU ${qemu.version.text}`);
  const started = performance.now();
  const verdicts = await verifyBoards(qemu, {
    groups,
    jobs,
    ...(boards === undefined ? {} : { boards: boards.split(',') }),
    onProgress: (done, all) => {
      if (done % 500 === 0) say(`${done} of ${all}`);
    },
    onDisagreement: ({ board, asks, disagreement: difference }) => say(`${board} ${asks}: ${difference}`),
  });
  for (const line of tally(verdicts)) say(line);
  if (json !== undefined) {
    await writeFile(json, `${JSON.stringify({ qemu: qemu.version, verdicts }, null, 2)}\n`);
  }
  const wrong = verdicts.filter((one) => one.disagreement !== undefined).length;
  say(`${verdicts.length} cases, ${wrong} disagreements, ${formatSeconds(performance.now() - started)}`);
  if (wrong > 0 || verdicts.length === 0) process.exitCode = 1;
}

if (isProgram(import.meta.url)) await runScript(main);
