// `npm run stage:guests`: kernels, initramfs, U-Boot and UEFI media for the tests, from Debian's packages, without root.
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { Fault } from '../../src-main/contract/fault.ts';
import {
  type AptRoot,
  aptMachine,
  directDependencies,
  extractDebs,
  fetchDebs,
  openAptRoot,
  packageClosure,
  packageFiles,
} from './apt-root.ts';
import type { DebFile } from './apt-sources.ts';
import { ensureQemuBundle } from './bundle-qemu.ts';
import { busyboxApplets } from './busybox-applets.ts';
import { type ImageTools, imagesRecipe, makeUefiDisk, makeUefiIso } from './guest-images.ts';
import {
  autoloadModules,
  guestInitramfs,
  type InitramfsModule,
  initramfsRecipe,
  onDemandModules,
} from './guest-initramfs.ts';
import { type GuestFiles, type GuestManifest, guestFiles, readGuestManifest } from './guests.ts';
import { moduleClosure, moduleName, readModuleInfo } from './kernel-modules.ts';
import { withLock } from './lock.ts';
import { guestsDir, qemuBundleDir, stageDir } from './paths.ts';
import { inTree, openPackageTree, type PackageTree } from './relocatable.ts';
import { besideTarget, replaceDirectory } from './replace-directory.ts';
import { formatSeconds, isProgram, runScript, say } from './script.ts';

/** Raise it when files are laid out differently. */
const layoutVersion = 1;

const recipe = createHash('sha256')
  .update(`${layoutVersion}\n${initramfsRecipe}\n${imagesRecipe}`)
  .digest('hex')
  .slice(0, 16);

const toolPackages = ['grub-common', 'xorriso', 'mtools', 'xz-utils'];

interface Architecture {
  debian: 'arm64' | 'armhf';
  kernelPackage: string;
  kernelName: string;
}

const architectures: readonly Architecture[] = [
  { debian: 'arm64', kernelPackage: 'linux-image-arm64', kernelName: 'Image' },
  { debian: 'armhf', kernelPackage: 'linux-image-armmp', kernelName: 'zImage' },
];

/** The uncompressed kernel: `-kernel` takes gzip too, but boards, GRUB and the header reader want the Image itself. */
export function rawKernel(file: Buffer): Buffer {
  return file[0] === 0x1f && file[1] === 0x8b ? gunzipSync(file) : file;
}

async function unpackKernel(root: AptRoot, architecture: Architecture, dir: string): Promise<DebFile[]> {
  const meta = `${architecture.kernelPackage}:${architecture.debian}`;
  const [versioned] = await directDependencies(root, meta);
  if (versioned === undefined) throw new Error(`${meta} names no kernel`);
  const debs = await packageFiles(root, [
    `${versioned}:${architecture.debian}`,
    `busybox-static:${architecture.debian}`,
  ]);
  await extractDebs(await fetchDebs(root, debs, `the ${architecture.debian} guest`), dir);
  return debs;
}

/** The modules of the initramfs, with what they need; a driver that this kernel is built without is left out. */
async function readModules(tools: PackageTree, dir: string): Promise<InitramfsModule[]> {
  const order = (await readFile(path.join(dir, 'modules.order'), 'utf8')).trim().split('\n');
  const builtIn = new Set(
    (await readFile(path.join(dir, 'modules.builtin'), 'utf8')).trim().split('\n').map(moduleName),
  );
  const paths = new Map<string, string>();
  const onDisk = await readdir(dir, { recursive: true });
  for (const file of onDisk) if (/\.ko(\.xz)?$/.test(file)) paths.set(moduleName(file), file);
  const known = new Set([...order.map(moduleName), ...builtIn]);
  const modules = new Map<string, InitramfsModule>();
  const load = async (name: string): Promise<void> => {
    const file = paths.get(name);
    if (modules.has(name) || builtIn.has(name) || file === undefined) return;
    const content = await readFile(path.join(dir, file));
    const [xz, args] = inTree(tools, 'usr/bin/xz', ['--decompress', '--stdout']);
    const elf = file.endsWith('.xz')
      ? Buffer.from((await execa(xz, args, { input: content, encoding: 'buffer' })).stdout)
      : content;
    const info = readModuleInfo(file, elf);
    modules.set(name, { ...info, path: file, content });
    for (const dependency of info.depends) await load(dependency);
  };
  const wanted = [...autoloadModules, ...onDemandModules].map(moduleName).filter((name) => known.has(name));
  for (const name of wanted) await load(name);
  const closure = moduleClosure(
    wanted,
    (name) => modules.get(name) ?? null,
    (name) => builtIn.has(name),
  );
  return closure.flatMap((info) => modules.get(info.name) ?? []);
}

async function makeLinuxGuest(
  tools: PackageTree,
  architecture: Architecture,
  unpacked: string,
  out: string,
): Promise<GuestFiles['arm64']> {
  const [release] = await readdir(path.join(unpacked, 'usr/lib/modules'));
  if (release === undefined) throw new Error(`no kernel release in ${unpacked}`);
  const folder = architecture.debian;
  const target = path.join(out, folder);
  await mkdir(target, { recursive: true });
  await writeFile(
    path.join(target, architecture.kernelName),
    rawKernel(await readFile(path.join(unpacked, 'boot', `vmlinuz-${release}`))),
  );
  await cp(path.join(unpacked, 'usr/lib', `linux-image-${release}`), path.join(target, 'dtbs'), {
    recursive: true,
  });
  const busybox = await readFile(path.join(unpacked, 'usr/bin/busybox'));
  await writeFile(path.join(target, 'busybox'), busybox, { mode: 0o755 });
  const modules = await readModules(tools, path.join(unpacked, 'usr/lib/modules', release));
  const initramfs = guestInitramfs({ busybox, kernelRelease: release, modules }, busyboxApplets(busybox));
  await writeFile(path.join(target, 'initrd.cpio.gz'), initramfs);
  return {
    release,
    kernel: `${folder}/${architecture.kernelName}`,
    initrd: `${folder}/initrd.cpio.gz`,
    dtbs: `${folder}/dtbs`,
    busybox: `${folder}/busybox`,
  };
}

async function makeUBoot(
  root: AptRoot,
  work: string,
  out: string,
): Promise<[GuestFiles['uBoot'], DebFile[]]> {
  const debs = await packageFiles(root, ['u-boot-qemu']);
  const unpacked = path.join(work, 'u-boot');
  await extractDebs(await fetchDebs(root, debs, 'U-Boot'), unpacked);
  await mkdir(path.join(out, 'u-boot'), { recursive: true });
  const files = { arm64: 'u-boot/u-boot.bin', arm: 'u-boot/u-boot-arm.bin' };
  await cp(path.join(unpacked, 'usr/lib/u-boot/qemu_arm64/u-boot.bin'), path.join(out, files.arm64));
  await cp(path.join(unpacked, 'usr/lib/u-boot/qemu_arm/u-boot.bin'), path.join(out, files.arm));
  return [files, debs];
}

async function unpackTools(root: AptRoot, work: string): Promise<[ImageTools, DebFile[]]> {
  const native = await packageClosure(root, toolPackages);
  const grub = await packageFiles(root, ['grub-efi-arm64-bin:arm64']);
  const dir = path.join(work, 'tools');
  await extractDebs(await fetchDebs(root, [...native, ...grub], 'making boot media'), dir);
  return [
    { tree: await openPackageTree(dir), grubModules: path.join(dir, 'usr/lib/grub/arm64-efi') },
    [...native, ...grub],
  ];
}

async function makeMedia(
  tools: ImageTools,
  arm64: GuestFiles['arm64'],
  work: string,
  out: string,
): Promise<Pick<GuestFiles, 'uefiIso' | 'uefiDisk'>> {
  const boot = { kernel: path.join(out, arm64.kernel), initrd: path.join(out, arm64.initrd) };
  const media = { uefiIso: 'uefi.iso', uefiDisk: { raw: 'uefi-disk.raw', qcow2: 'uefi-disk.qcow2' } };
  await makeUefiIso(tools, boot, work, path.join(out, media.uefiIso));
  const raw = path.join(out, media.uefiDisk.raw);
  await makeUefiDisk(tools, boot, work, raw);
  await ensureQemuBundle();
  const qemuImg = path.join(qemuBundleDir, 'bin', 'qemu-img');
  await execa(qemuImg, ['convert', '-f', 'raw', '-O', 'qcow2', raw, path.join(out, media.uefiDisk.qcow2)]);
  return media;
}

async function openDebian(): Promise<AptRoot> {
  const machine = await aptMachine();
  if (machine === null || machine.id !== 'debian') {
    throw new Fault({
      code: 'unsupported',
      message:
        'The test guests are made from Debian packages, and this machine has no Debian package sources.',
      remedy:
        'Run the tests on Debian, or where apt is set ARMOIRE_DEBIAN_MIRROR and ARMOIRE_DEBIAN_KEYRING (a mirror and its keyring file).',
    });
  }
  return openAptRoot(machine, 'stable', { foreign: ['arm64', 'armhf'] });
}

async function stageAll(work: string, out: string): Promise<void> {
  const root = await openDebian();
  const [tools, toolDebs] = await unpackTools(root, work);
  const packages = [...toolDebs];
  const linux: GuestFiles['arm64'][] = [];
  for (const architecture of architectures) {
    const unpacked = path.join(work, architecture.debian);
    packages.push(...(await unpackKernel(root, architecture, unpacked)));
    linux.push(await makeLinuxGuest(tools.tree, architecture, unpacked, out));
  }
  const [arm64, armhf] = linux;
  if (arm64 === undefined || armhf === undefined) throw new Error('a guest architecture is missing');
  const [uBoot, uBootDebs] = await makeUBoot(root, work, out);
  packages.push(...uBootDebs);
  const files: GuestFiles = { arm64, armhf, uBoot, ...(await makeMedia(tools, arm64, work, out)) };
  const manifest: GuestManifest = { recipe, packages: packages.map((deb) => deb.fileName).sort(), files };
  await writeFile(path.join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Stages the guests unless they are there and made by this recipe. Throws a `Fault` where it cannot be done. */
export async function ensureGuests(options: { refresh?: boolean } = {}): Promise<GuestFiles> {
  return withLock('guests', async () => {
    if (options.refresh !== true && readGuestManifest()?.recipe === recipe) return guestFiles();
    const started = Date.now();
    await mkdir(stageDir, { recursive: true });
    await besideTarget(guestsDir, async (work) => {
      const out = path.join(work, 'guests');
      await mkdir(out);
      await stageAll(work, out);
      await replaceDirectory(out, guestsDir, work);
    });
    say(`Test guests made in ${formatSeconds(Date.now() - started)}.`);
    return guestFiles();
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { refresh: { type: 'boolean' } } });
  const files = await ensureGuests(values);
  say(
    `Test guests: Linux ${files.arm64.release} and ${files.armhf.release}, U-Boot, UEFI ISO and disk, in ${guestsDir}.`,
  );
}

if (isProgram(import.meta.url)) await runScript(main);
