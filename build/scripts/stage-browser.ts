// Finds a Chromium for the end-to-end tests, or stages one under .stage/chromium without root.
import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { Fault } from '../../src-main/contract/fault.ts';
import {
  type AptMachine,
  aptMachine,
  extractDebs,
  fetchDebs,
  openAptRoot,
  packageClosure,
} from './apt-root.ts';
import { withLock } from './lock.ts';
import { repoRoot, stageDir } from './paths.ts';
import { besideTarget, replaceDirectory } from './replace-directory.ts';
import { isProgram, runScript, say } from './script.ts';

const stagedDir = path.join(stageDir, 'chromium');
const stagedLauncher = path.join(stagedDir, 'chromium');

/** A fresh machine has neither fonts nor a fontconfig set-up, and text without fonts is invisible. */
const packages = ['chromium', 'fontconfig-config', 'fonts-dejavu-core', 'fonts-liberation'];

const launcher = `#!/bin/sh
# Starts the staged Chromium with the libraries and fonts staged beside it.
here=$(CDPATH='' cd -P -- "\${0%/*}" && pwd) || exit 127
libraries=
for dir in "$here"/root/usr/lib/*-linux-gnu* "$here"/root/lib/*-linux-gnu* "$here"/root/usr/lib/*-linux-gnu*/*/; do
  [ -d "$dir" ] && libraries="$libraries\${libraries:+:}$dir"
done
export LD_LIBRARY_PATH="$libraries" FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/root/usr/lib/chromium/chromium" "$@"
`;

/**
 * The set-up of fontconfig for the staged fonts and the machine's. The path is written out: `prefix="relative"` needs a
 * newer fontconfig than some suites have. The rule at the end is what 49-sansserif.conf does where fontconfig is
 * installed: a name that no font has (system-ui, a web page's first choice) falls back to sans-serif.
 */
function fontsConf(dir: string): string {
  const family = (generic: string, names: readonly string[]) => {
    const preferred = names.map((name) => `<family>${name}</family>`).join('');
    return `  <alias><family>${generic}</family><prefer>${preferred}</prefer></alias>`;
  };
  const isNone = ['sans-serif', 'serif', 'monospace']
    .map((name) => `<test qual="all" name="family" compare="not_eq"><string>${name}</string></test>`)
    .join('');
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${dir}/root/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${dir}/font-cache</cachedir>
  <match target="pattern">${isNone}
    <edit name="family" mode="append_last"><string>sans-serif</string></edit>
  </match>
${family('sans-serif', ['Liberation Sans', 'DejaVu Sans'])}
${family('serif', ['Liberation Serif', 'DejaVu Serif'])}
${family('monospace', ['DejaVu Sans Mono', 'Liberation Mono'])}
</fontconfig>
`;
}

/** As it really is: checkouts that share a stage by a link agree on it, and do not take the browser from each other. */
async function realFontsConf(): Promise<string> {
  return fontsConf(path.join(await realpath(stageDir), path.basename(stagedDir)));
}

/** A browser that lies on disk may still lack libraries: only one that starts counts. */
async function starts(program: string): Promise<boolean> {
  const run = await execa(program, ['--version'], { reject: false, timeout: 30_000, stdin: 'ignore' });
  return !run.failed && /\d+\.\d+/.test(run.stdout);
}

async function onPath(): Promise<string | null> {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  for (const dir of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const name of names) {
      const program = path.join(dir, name);
      if (dir !== '' && existsSync(program) && (await starts(program))) return program;
    }
  }
  return null;
}

async function playwrightsOwn(): Promise<string | null> {
  const { chromium } = await import('@playwright/test');
  const program = chromium.executablePath();
  return existsSync(program) && (await starts(program)) ? program : null;
}

async function makeStaged(machine: AptMachine): Promise<void> {
  // The machine's own suite and what it has installed: the browser then runs with the machine's C library.
  const root = await openAptRoot(machine, machine.codename, { asInstalled: true });
  const debs = await packageClosure(root, packages);
  const debPaths = await fetchDebs(root, debs, 'a Chromium for the end-to-end tests');
  await mkdir(stageDir, { recursive: true });
  await besideTarget(stagedDir, async (work) => {
    say('Unpacking Chromium.');
    const made = path.join(work, 'made');
    await extractDebs(debPaths, path.join(made, 'root'));
    await rm(path.join(made, 'root/usr/share/doc'), { recursive: true, force: true });
    await writeFile(path.join(made, 'fonts.conf'), await realFontsConf());
    await writeFile(path.join(made, 'chromium'), launcher, { mode: 0o755 });
    await replaceDirectory(made, stagedDir, work);
  });
}

/** What a staged browser was made with; another launcher or place means making it anew. */
async function stagedIsCurrent(): Promise<boolean> {
  const present = await readFile(stagedLauncher, 'utf8').catch(() => '');
  const fonts = await readFile(path.join(stagedDir, 'fonts.conf'), 'utf8').catch(() => '');
  if (present !== launcher || fonts === '' || fonts !== (await realFontsConf())) return false;
  // Twice: others may be using it, and a busy machine is no reason to take it from under them.
  return (await starts(stagedLauncher)) || (await starts(stagedLauncher));
}

async function stage(machine: AptMachine): Promise<string> {
  return withLock('chromium', async () => {
    if (await stagedIsCurrent()) return stagedLauncher;
    await makeStaged(machine);
    if (await starts(stagedLauncher)) return stagedLauncher;
    const run = await execa(stagedLauncher, ['--version'], { reject: false });
    throw new Fault({
      code: 'unsupported',
      message: 'The staged Chromium does not start.',
      remedy: 'Install Chromium with your package manager, or set ARMOIRE_CHROMIUM to one that starts.',
      detail: run.stderr,
    });
  });
}

async function installWithPlaywright(): Promise<string> {
  say('Installing the Chromium of Playwright.');
  const command = path.join(repoRoot, 'node_modules', '.bin', 'playwright');
  await execa(command, ['install', 'chromium'], { stdio: 'inherit', reject: false });
  const program = await playwrightsOwn();
  if (program !== null) return program;
  throw new Fault({
    code: 'not-found',
    message: 'No Chromium was found for the end-to-end tests, and none could be installed.',
    remedy:
      'Install Chromium or Google Chrome with your package manager, or set ARMOIRE_CHROMIUM to its program.',
  });
}

async function fromEnvironment(): Promise<string | null> {
  const program = process.env.ARMOIRE_CHROMIUM;
  if (program === undefined || program === '') return null;
  if (existsSync(program) && (await starts(program))) return program;
  throw new Fault({
    code: 'file-unusable',
    message: `ARMOIRE_CHROMIUM names ${program}, which does not start.`,
    remedy: 'Set it to a Chromium or Chrome program that starts, or unset it.',
  });
}

/**
 * A Chromium that starts: ARMOIRE_CHROMIUM, one on PATH, Playwright's own, one staged from the machine's Debian packages,
 * else Playwright's is installed. Throws a `Fault` when there is none.
 */
export async function chromiumPath(): Promise<string> {
  const found = (await fromEnvironment()) ?? (await onPath()) ?? (await playwrightsOwn());
  if (found !== null) return found;
  const machine = await aptMachine();
  // Ubuntu's package of that name only fetches a snap.
  return machine?.id === 'debian' ? stage(machine) : installWithPlaywright();
}

if (isProgram(import.meta.url)) await runScript(async () => say(await chromiumPath()));
