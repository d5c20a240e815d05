// Bootable UEFI media for tests: an ISO and a disk, each GRUB + kernel + initramfs, made without root and the same every time.
import { copyFile, mkdir, open, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { type DiskPiece, espType, partitionTable, sectorBytes } from './gpt.ts';
import { parentPaths } from './parent-paths.ts';
import { inTree, type PackageTree } from './relocatable.ts';

/** Programs from the distribution's packages, and GRUB's modules for arm64. */
export interface ImageTools {
  tree: PackageTree;
  grubModules: string;
}

export interface BootFiles {
  kernel: string;
  initrd: string;
}

/** Kept inside the image: finds the medium by a file on it, then reads the menu there. */
const earlyConfig = `search --no-floppy --set=root --file /boot/grub/grub.cfg
set prefix=($root)/boot/grub
`;

const grubConfig = `set timeout=0
menuentry 'Armoire test guest' {
  linux /boot/Image console=ttyAMA0
  initrd /boot/initrd.cpio.gz
}
`;

const grubModules = [
  'normal',
  'linux',
  'search',
  'search_fs_file',
  'configfile',
  'echo',
  'test',
  'part_gpt',
  'fat',
  'iso9660',
  'reboot',
  'halt',
];

const diskMiB = 200;
const alignSectors = 2048;
const diskGuid = '8A1D0E0C-3F1B-4B57-9F0E-6D5C1F5A4D01';
const espGuid = '8A1D0E0C-3F1B-4B57-9F0E-6D5C1F5A4D02';

/** Everything that decides how the images look, for change detection. */
export const imagesRecipe = [earlyConfig, grubConfig, ...grubModules, diskMiB].join('\n');

/** 2024-01-01, in seconds. */
const imageTime = 1704067200;

/** mtools and xorriso take the times that they make up from here (reproducible-builds.org). */
const environment = {
  SOURCE_DATE_EPOCH: String(imageTime),
  TZ: 'UTC',
  LC_ALL: 'C.UTF-8',
  MTOOLS_SKIP_CHECK: '1',
};

async function runTool(tools: ImageTools, program: string, args: readonly string[]): Promise<void> {
  const [command, all] = inTree(tools.tree, path.join('usr/bin', program), args);
  await execa(command, all, { env: environment });
}

async function makeGrub(tools: ImageTools, work: string): Promise<string> {
  const efi = path.join(work, 'BOOTAA64.EFI');
  const early = path.join(work, 'early.cfg');
  await writeFile(early, earlyConfig);
  const args = [
    '-O',
    'arm64-efi',
    '-d',
    tools.grubModules,
    '-p',
    '/boot/grub',
    '-c',
    early,
    '-o',
    efi,
    ...grubModules,
  ];
  await runTool(tools, 'grub-mkimage', args);
  return efi;
}

/** Copies into a FAT file system; `image` may carry mtools' `@@offset`. */
async function copyIn(
  tools: ImageTools,
  image: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const directories = parentPaths(Object.keys(files)).map((directory) => `::/${directory}`);
  // The programs are links to mtools, which goes by its name: called by its own name it takes the command with -c.
  await runTool(tools, 'mtools', ['-c', 'mmd', '-i', image, ...directories]);
  for (const [target, source] of Object.entries(files)) {
    await runTool(tools, 'mtools', ['-c', 'mcopy', '-i', image, source, `::${target}`]);
  }
}

async function makeFat(
  tools: ImageTools,
  image: string,
  sectors: number,
  options: readonly string[],
): Promise<void> {
  const geometry = ['-T', String(sectors), '-h', '64', '-s', '32', '-N', '41524d31', '-v', 'ARMOIRE'];
  await runTool(tools, 'mtools', ['-c', 'mformat', '-i', image, ...options, ...geometry, '::']);
}

async function writePieces(file: string, bytes: number, pieces: readonly DiskPiece[]): Promise<void> {
  const disk = await open(file, 'w', 0o644);
  try {
    await disk.truncate(bytes);
    for (const { offset, data } of pieces) await disk.write(data, 0, data.length, offset);
  } finally {
    await disk.close();
  }
}

/** A GPT disk with one EFI system partition that holds everything; sparse. */
export async function makeUefiDisk(
  tools: ImageTools,
  boot: BootFiles,
  work: string,
  target: string,
): Promise<void> {
  const sectors = (diskMiB * 1024 * 1024) / sectorBytes;
  const lastSector = sectors - alignSectors - 1;
  const esp = { type: espType, guid: espGuid, name: 'ESP', firstSector: alignSectors, lastSector };
  await writePieces(target, sectors * sectorBytes, partitionTable(sectors, diskGuid, [esp]));
  const image = `${target}@@${alignSectors * sectorBytes}`;
  // FAT32 begins at 65,525 clusters (Microsoft's FAT specification): 200 MiB needs clusters of 2 KiB or less.
  await makeFat(tools, image, lastSector - alignSectors + 1, ['-F', '-c', '4', '-H', String(alignSectors)]);
  const config = path.join(work, 'grub.cfg');
  await writeFile(config, grubConfig);
  await copyIn(tools, image, {
    '/EFI/BOOT/BOOTAA64.EFI': await makeGrub(tools, work),
    '/boot/grub/grub.cfg': config,
    '/boot/Image': boot.kernel,
    '/boot/initrd.cpio.gz': boot.initrd,
  });
}

/** An ISO whose El Torito EFI image holds GRUB, and whose own file system holds the rest, as installers have it. */
export async function makeUefiIso(
  tools: ImageTools,
  boot: BootFiles,
  work: string,
  target: string,
): Promise<void> {
  const tree = path.join(work, 'iso');
  await mkdir(path.join(tree, 'boot', 'grub'), { recursive: true });
  const grub = await makeGrub(tools, work);
  const efiImage = path.join(tree, 'boot', 'efi.img');
  const sectors = 4096 + 2 * Math.ceil((await stat(grub)).size / 1024);
  await makeFat(tools, efiImage, sectors, ['-C']);
  await copyIn(tools, efiImage, { '/EFI/BOOT/BOOTAA64.EFI': grub });
  await writeFile(path.join(tree, 'boot', 'grub', 'grub.cfg'), grubConfig);
  await copyFile(boot.kernel, path.join(tree, 'boot', 'Image'));
  await copyFile(boot.initrd, path.join(tree, 'boot', 'initrd.cpio.gz'));
  for (const entry of ['', ...(await readdir(tree, { recursive: true }))]) {
    await utimes(path.join(tree, entry), imageTime, imageTime);
  }
  await rm(target, { force: true });
  const eltorito = ['-eltorito-alt-boot', '-e', 'boot/efi.img', '-no-emul-boot'];
  await runTool(tools, 'xorriso', [
    '-as',
    'mkisofs',
    '-quiet',
    '-o',
    target,
    '-V',
    'ARMOIRE',
    '-r',
    '-J',
    ...eltorito,
    tree,
  ]);
}
