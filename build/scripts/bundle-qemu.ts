// `npm run bundle:qemu`: makes the relocatable QEMU for Linux in resources/qemu/, without root; CONTRIBUTING.md tells how.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Fault } from '../../src-main/contract/fault.ts';
import { listTree } from '../../src-main/lib/file-tree.ts';
import { minimumVersion, readVersion } from '../../src-main/qemu/probe.ts';
import {
  type AptMachine,
  type AptRoot,
  aptMachine,
  candidateVersion,
  extractDebs,
  fetchDebs,
  openAptRoot,
  packageClosure,
  suiteCodename,
} from './apt-root.ts';
import { withLock } from './lock.ts';
import { qemuBundleDir } from './paths.ts';
import { type BundleManifest, layOutBundle, readBundleManifest } from './qemu-bundle.ts';
import {
  bundlePackages,
  bundlePrograms,
  bundleRecipe,
  isNewEnough,
  optionalPackages,
  qemuPackage,
} from './qemu-bundle-recipe.ts';
import { besideTarget, replaceDirectory } from './replace-directory.ts';
import { formatBytes, isProgram, runScript, say } from './script.ts';

export interface BundleOptions {
  /** Suite to take QEMU from; by default this machine's own, or stable where its QEMU is too old. */
  suite?: string;
  /** Where the bundle goes; by default resources/qemu/<platform>-<arch>. */
  out?: string;
  /** Look for a newer package even if a complete bundle is there. */
  refresh?: boolean;
}

const wanted = `QEMU ≥ ${minimumVersion.major}.${minimumVersion.minor}`;

function noAptFault(): Fault {
  const remedies: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'Install it with `brew install qemu`.',
    win32: 'Install it with `winget install SoftwareFreedomConservancy.QEMU` and put it on PATH.',
  };
  return new Fault({
    code: 'unsupported',
    message: `A bundled QEMU can only be made where apt is (Debian, Ubuntu); this machine needs ${wanted} installed.`,
    remedy:
      remedies[process.platform] ??
      'Install it with your package manager: `dnf install qemu-system-aarch64 qemu-img`, `pacman -S qemu-system-aarch64 qemu-img edk2-aarch64` or `zypper install qemu-arm qemu-tools`.',
  });
}

async function isComplete(dir: string, manifest: BundleManifest): Promise<boolean> {
  if (manifest.recipe !== bundleRecipe) return false;
  return bundlePrograms.every(
    (name) => existsSync(path.join(dir, 'bin', name)) && existsSync(path.join(dir, 'libexec', name)),
  );
}

async function suiteWithNewQemu(machine: AptMachine): Promise<AptRoot> {
  const seen: string[] = [];
  // Only Debian's mirrors carry the alias, so a newer suite can be named without knowing its codename.
  const suites = machine.id === 'debian' ? [machine.codename, 'stable'] : [machine.codename];
  for (const suite of new Set(suites)) {
    const root = await openAptRoot(machine, suite);
    const version = await candidateVersion(root, qemuPackage);
    if (version !== null && isNewEnough(version)) return root;
    seen.push(`${suite}: ${version ?? 'none'}`);
  }
  throw new Fault({
    code: 'qemu-too-old',
    message: `No suite of this machine's package sources has ${wanted} (${seen.join(', ')}).`,
    remedy: `Install ${wanted} yourself, or pass a newer suite with --suite NAME.`,
  });
}

async function makeBundle(root: AptRoot, out: string): Promise<BundleManifest> {
  const packages = [...bundlePackages];
  for (const name of optionalPackages) if ((await candidateVersion(root, name)) !== null) packages.push(name);
  const debs = await packageClosure(root, packages);
  const debPaths = await fetchDebs(root, debs, 'the QEMU bundle');
  await mkdir(path.dirname(out), { recursive: true });
  return besideTarget(out, async (work) => {
    say(`Unpacking ${debs.length} packages and keeping what ARM guests need.`);
    const unpacked = path.join(work, 'unpacked');
    const bundle = path.join(work, 'bundle');
    await extractDebs(debPaths, unpacked);
    await mkdir(bundle);
    await layOutBundle(unpacked, bundle);
    const { major, minor, micro } = await readVersion(path.join(bundle, 'bin', 'qemu-system-aarch64'));
    const manifest: BundleManifest = {
      recipe: bundleRecipe,
      version: `${major}.${minor}.${micro}`,
      suite: root.suite,
      codename: await suiteCodename(root),
      platform: process.platform,
      arch: process.arch,
      packages: debs.map(({ name, version }) => ({ name, version })),
      sizeBytes: (await listTree(bundle)).reduce((sum, file) => sum + file.allocatedBytes, 0),
      madeAt: new Date().toISOString(),
    };
    await writeFile(path.join(bundle, 'bundle.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await replaceDirectory(bundle, out, work);
    return manifest;
  });
}

function isCurrent(manifest: BundleManifest, options: BundleOptions): boolean {
  if (options.refresh === true) return false;
  return (
    options.suite === undefined || options.suite === manifest.suite || options.suite === manifest.codename
  );
}

/** Makes the bundle unless a complete one is there; returns its manifest. Throws a `Fault` where it cannot be made. */
export async function ensureQemuBundle(options: BundleOptions = {}): Promise<BundleManifest> {
  const out = path.resolve(options.out ?? qemuBundleDir);
  return withLock(`qemu-${path.basename(out)}`, async () => {
    const present = await readBundleManifest(out);
    if (present !== null && isCurrent(present, options) && (await isComplete(out, present))) return present;
    const machine = await aptMachine();
    if (machine === null) throw noAptFault();
    const root =
      options.suite === undefined
        ? await suiteWithNewQemu(machine)
        : await openAptRoot(machine, options.suite);
    return makeBundle(root, out);
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { suite: { type: 'string' }, out: { type: 'string' }, refresh: { type: 'boolean' } },
  });
  const manifest = await ensureQemuBundle(values);
  const out = path.relative(process.cwd(), path.resolve(values.out ?? qemuBundleDir));
  say(
    `QEMU ${manifest.version} (Debian package suite ${manifest.codename}) is in ${out}: ${formatBytes(manifest.sizeBytes)}, made ${manifest.madeAt}.`,
  );
}

if (isProgram(import.meta.url)) await runScript(main);
