// Lays out a QEMU bundle from unpacked packages: programs, libraries, modules, data, firmware, manifest.
import {
  chmod,
  copyFile,
  cp,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  stat,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { listTree } from '../../src-main/lib/file-tree.ts';
import { alsoNeeded, bundlePrograms, keepsData, keepsModule } from './qemu-bundle-recipe.ts';
import { launcherScript, neededLibraries, openPackageTree, type PackageTree } from './relocatable.ts';

export const bundleManifest = z.object({
  recipe: z.int(),
  /** As QEMU prints it: `10.0.13`. */
  version: z.string(),
  suite: z.string(),
  codename: z.string(),
  platform: z.string(),
  arch: z.string(),
  packages: z.array(z.object({ name: z.string(), version: z.string() })),
  /** Bytes allocated on disk; the firmware files are sparse. */
  sizeBytes: z.number(),
  madeAt: z.string(),
});
export type BundleManifest = z.infer<typeof bundleManifest>;

/** The manifest of the bundle in `dir`; null where there is no complete one (it is written last). */
export async function readBundleManifest(dir: string): Promise<BundleManifest | null> {
  const text = await readFile(path.join(dir, 'bundle.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return bundleManifest.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Copies a file whose end is zeros (pflash images are padded to 64 MiB) with a hole for the end, which dpkg wrote out in full. */
async function copyPadded(from: string, to: string): Promise<void> {
  const content = await readFile(from);
  let end = content.length;
  while (end > 0 && content[end - 1] === 0) end -= 1;
  const file = await open(to, 'w', 0o644);
  try {
    await file.write(content, 0, end);
    await file.truncate(content.length);
  } finally {
    await file.close();
  }
}

async function copyPrograms(tree: PackageTree, bundle: string): Promise<string[]> {
  await mkdir(path.join(bundle, 'libexec'), { recursive: true });
  const copied: string[] = [];
  for (const program of bundlePrograms) {
    const from = path.join(tree.root, 'usr/bin', program);
    await copyFile(from, path.join(bundle, 'libexec', program));
    copied.push(from);
  }
  return copied;
}

async function copyModules(tree: PackageTree, bundle: string): Promise<string[]> {
  const target = path.join(bundle, 'lib', 'qemu');
  await mkdir(target, { recursive: true });
  const copied: string[] = [];
  for (const dir of tree.libraryDirs) {
    const modules = path.join(dir, 'qemu');
    for (const name of await readdir(modules).catch(() => [])) {
      if (!keepsModule(name)) continue;
      await copyFile(path.join(modules, name), path.join(target, name));
      copied.push(path.join(modules, name));
    }
  }
  return copied;
}

async function copyLibraries(tree: PackageTree, objects: readonly string[], bundle: string): Promise<void> {
  const needed = new Map<string, string>();
  for (const object of objects)
    for (const [soname, file] of await neededLibraries(tree, object)) needed.set(soname, file);
  for (const dir of tree.libraryDirs) {
    const file = path.join(dir, alsoNeeded);
    if ((await stat(file).catch(() => null)) !== null) needed.set(alsoNeeded, await realpath(file));
  }
  for (const [soname, file] of needed) await copyFile(file, path.join(bundle, 'lib', soname));
  const loader = path.join(bundle, 'lib', path.basename(tree.loader));
  await copyFile(tree.loader, loader);
  await chmod(loader, 0o755);
}

async function copyData(tree: PackageTree, bundle: string): Promise<void> {
  const target = path.join(bundle, 'share', 'qemu');
  for (const source of ['usr/share/qemu', 'usr/share/seabios', 'usr/lib/ipxe/qemu']) {
    const from = path.join(tree.root, source);
    if ((await stat(from).catch(() => null)) === null) continue;
    for (const { path: relative } of await listTree(from)) {
      if (!keepsData(relative)) continue;
      await mkdir(path.dirname(path.join(target, relative)), { recursive: true });
      await copyFile(path.join(from, relative), path.join(target, relative));
    }
  }
}

const descriptorFile = z.looseObject({ mapping: z.record(z.string(), z.unknown()) });
const flashFile = z.looseObject({ filename: z.string() });

/**
 * Copies the firmware descriptors (docs/interop/firmware.json in QEMU's source) and the files they name. The file names,
 * absolute in the packages, become relative to the bundle's root, so that the bundle can be moved:
 * `/usr/share/AAVMF/X.fd` → `share/AAVMF/X.fd`.
 */
async function copyFirmware(tree: PackageTree, bundle: string): Promise<void> {
  const from = path.join(tree.root, 'usr/share/qemu/firmware');
  const target = path.join(bundle, 'share', 'qemu', 'firmware');
  await mkdir(target, { recursive: true });
  for (const name of (await readdir(from)).filter((entry) => entry.endsWith('.json'))) {
    const descriptor = descriptorFile.parse(JSON.parse(await readFile(path.join(from, name), 'utf8')));
    for (const key of ['executable', 'nvram-template']) {
      const part = flashFile.safeParse(descriptor.mapping[key]);
      if (!part.success) continue;
      const relative = path.relative('/usr', part.data.filename);
      await mkdir(path.dirname(path.join(bundle, relative)), { recursive: true });
      await copyPadded(path.join(tree.root, part.data.filename), path.join(bundle, relative));
      descriptor.mapping[key] = { ...part.data, filename: relative };
    }
    await writeFile(path.join(target, name), `${JSON.stringify(descriptor, null, 2)}\n`);
  }
  // The unpadded image, which only `-bios` takes; no descriptor names it.
  await mkdir(path.join(bundle, 'share', 'qemu-efi-aarch64'), { recursive: true });
  const unpadded = 'share/qemu-efi-aarch64/QEMU_EFI.fd';
  await copyFile(path.join(tree.root, 'usr', unpadded), path.join(bundle, unpadded));
}

async function copyLicences(tree: PackageTree, bundle: string): Promise<void> {
  const docs = path.join(tree.root, 'usr/share/doc');
  for (const name of await readdir(docs)) {
    const copyright = path.join(docs, name, 'copyright');
    const there = await stat(copyright).catch(() => null);
    if (there?.isFile() === true) await cp(copyright, path.join(bundle, 'share', 'doc', name, 'copyright'));
  }
}

async function writeLaunchers(tree: PackageTree, bundle: string): Promise<void> {
  await mkdir(path.join(bundle, 'bin'), { recursive: true });
  const loaderName = path.basename(tree.loader);
  for (const program of bundlePrograms) {
    const isEmulator = program.startsWith('qemu-system-');
    const text = launcherScript(
      loaderName,
      program,
      // Read by module_load() in QEMU's util/module.c; the compiled-in directory is the packages'.
      'QEMU_MODULE_DIR=$root/lib/qemu ',
      isEmulator ? ' -L "$root/share/qemu"' : '',
    );
    await writeFile(path.join(bundle, 'bin', program), text, { mode: 0o755 });
  }
}

/** Builds everything of a bundle but its manifest in the empty directory `bundle`, from the packages unpacked in `unpacked`. */
export async function layOutBundle(unpacked: string, bundle: string): Promise<void> {
  const tree = await openPackageTree(unpacked);
  const programs = await copyPrograms(tree, bundle);
  const modules = await copyModules(tree, bundle);
  await copyLibraries(tree, [...programs, ...modules], bundle);
  await copyData(tree, bundle);
  await copyFirmware(tree, bundle);
  await copyLicences(tree, bundle);
  await writeLaunchers(tree, bundle);
}
