// `npm test`: every check of the project, lane by lane, here and in continuous integration.
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { Fault, toFaultData } from '../../src-main/contract/fault.ts';
import { buildApp } from './app-build.ts';
import { ensureQemuBundle } from './bundle-qemu.ts';
import { repoRoot, reportsDir } from './paths.ts';
import { formatSeconds, isProgram, runScript, say } from './script.ts';
import { chromiumPath } from './stage-browser.ts';
import { ensureGuests } from './stage-guests.ts';
import { findTool, strace } from './staged-tool.ts';
import { countPlaywright, countVitest, type TestCounts } from './test-counts.ts';

interface Lane {
  name: string;
  title: string;
  /** Lanes without which this one says nothing. */
  needs: readonly string[];
  /** Mostly waits for the network: the lanes that do not need it go on meanwhile. */
  beside?: boolean;
  /** Throws when the lane fails. */
  run: () => Promise<void>;
  /** Reads the lane's report into counts, for lanes of tests. */
  count?: (report: unknown) => TestCounts;
}

interface Outcome {
  lane: Lane;
  error: string | null;
  milliseconds: number;
  counts: TestCounts | null;
}

const reportOf = (name: string) => path.join(reportsDir, `${name}.json`);

async function runTool(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<void> {
  const command = path.join(repoRoot, 'node_modules', '.bin', program);
  const run = await execa(command, args, { cwd: repoRoot, env, stdio: 'inherit', reject: false });
  if (run.failed) throw new Error(`${program} ended with ${run.signal ?? `code ${run.exitCode}`}`);
}

function vitest(project: string): Promise<void> {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportOf(project)}`];
  return runTool('vitest', ['run', '--project', project, ...reporters]);
}

async function playwright(): Promise<void> {
  const env = { ARMOIRE_CHROMIUM: await chromiumPath(), PLAYWRIGHT_JSON_OUTPUT_FILE: reportOf('e2e') };
  await runTool('playwright', ['test', '--reporter=list,json'], env);
}

async function stage(): Promise<void> {
  const { version } = await ensureQemuBundle();
  const guests = await ensureGuests();
  // The test that needs it says why when it cannot be had.
  await findTool(strace).catch(() => null);
  const browser = path.relative(repoRoot, await chromiumPath());
  say(`QEMU ${version}, guests with Linux ${guests.arm64.release}, browser ${browser}`);
}

const lanes: readonly Lane[] = [
  { name: 'stage', title: 'QEMU, guests and browser', needs: [], beside: true, run: stage },
  { name: 'lint', title: 'format and lint', needs: [], run: () => runTool('biome', ['ci', '.']) },
  { name: 'types', title: 'types', needs: [], run: () => runTool('tsc', ['--noEmit']) },
  { name: 'unused', title: 'unused code and dependencies', needs: [], run: () => runTool('knip', []) },
  { name: 'unit', title: 'unit tests', needs: [], run: () => vitest('unit'), count: countVitest },
  {
    name: 'integration',
    title: 'tests with the real QEMU',
    needs: ['stage'],
    run: () => vitest('integration'),
    count: countVitest,
  },
  { name: 'build', title: 'build', needs: [], run: () => buildApp({ force: true }) },
  {
    name: 'e2e',
    title: 'tests in the browser and the desktop app',
    needs: ['stage', 'build'],
    run: playwright,
    count: countPlaywright,
  },
];

async function readCounts(lane: Lane, failed: boolean): Promise<TestCounts | null> {
  if (lane.count === undefined) return null;
  const text = await readFile(reportOf(lane.name), 'utf8').catch(() => null);
  const counts = text === null ? { passed: 0, failed: 0, skipped: [] } : lane.count(JSON.parse(text));
  // A runner that ends badly without naming a test must not look like one that passed.
  return failed && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function runLane(lane: Lane, before: readonly Outcome[]): Promise<Outcome> {
  const missing = before.filter(
    (outcome) => outcome.error !== null && lane.needs.includes(outcome.lane.name),
  );
  say(`\n── ${lane.name}: ${lane.title}`);
  const started = Date.now();
  await rm(reportOf(lane.name), { force: true });
  let error: string | null = null;
  try {
    if (missing.length > 0)
      throw new Error(`not run, because ${missing.map((outcome) => outcome.lane.name)} failed`);
    await lane.run();
  } catch (thrown) {
    const { message, remedy } = toFaultData(thrown);
    error =
      thrown instanceof Fault
        ? `${message} ${remedy}`
        : String(thrown instanceof Error ? thrown.message : thrown);
  }
  const milliseconds = Date.now() - started;
  say(`── ${lane.name} ${error === null ? 'passed' : `FAILED: ${error}`} (${formatSeconds(milliseconds)})`);
  return { lane, error, milliseconds, counts: await readCounts(lane, error !== null) };
}

/** The named lanes and those that they need, in the usual order. Throws a `Fault` for an unknown name. */
function chosenLanes(only: string | undefined): readonly Lane[] {
  if (only === undefined) return lanes;
  const names = only.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => lanes.every((lane) => lane.name !== name));
  if (unknown.length > 0) {
    throw new Fault({
      code: 'bad-input',
      message: `There is no lane ${unknown.join(', ')}.`,
      remedy: `The lanes are: ${lanes.map((lane) => lane.name).join(', ')}.`,
    });
  }
  const needed = new Set(lanes.filter((lane) => names.includes(lane.name)).flatMap((lane) => lane.needs));
  return lanes.filter((lane) => names.includes(lane.name) || needed.has(lane.name));
}

function summarise(outcomes: readonly Outcome[]): void {
  say('\n── summary');
  for (const { lane, error, milliseconds, counts } of outcomes) {
    const tests = counts === null ? '' : `  ${counts.passed} passed, ${counts.failed} failed`;
    say(
      `${error === null ? 'ok    ' : 'FAILED'} ${lane.name.padEnd(12)} ${formatSeconds(milliseconds).padStart(8)}${tests}`,
    );
  }
  const counts = outcomes.flatMap((outcome) => outcome.counts ?? []);
  const skipped = counts.flatMap((count) => count.skipped);
  for (const { name, reason } of skipped) say(`skipped: ${name}${reason === undefined ? '' : `: ${reason}`}`);
  const total = (key: 'passed' | 'failed') => counts.reduce((sum, count) => sum + count[key], 0);
  say(`${total('passed')} passed, ${total('failed')} failed, ${skipped.length} skipped`);
}

/** One after the other, but for those that may go on beside; none begins before what it needs has ended. */
async function runLanes(chosen: readonly Lane[]): Promise<Outcome[]> {
  const begun = new Map<string, Promise<Outcome>>();
  for (const lane of chosen) {
    const before = await Promise.all(lane.needs.flatMap((name) => begun.get(name) ?? []));
    const outcome = runLane(lane, before);
    begun.set(lane.name, outcome);
    if (!lane.beside) await outcome;
  }
  return Promise.all(begun.values());
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  await mkdir(reportsDir, { recursive: true });
  const outcomes = await runLanes(chosenLanes(values.only));
  summarise(outcomes);
  if (outcomes.some((outcome) => outcome.error !== null)) process.exitCode = 1;
}

if (isProgram(import.meta.url)) await runScript(main);
