// Where the staged guests are; what the tests import.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { Fault } from '../../src-main/contract/fault.ts';
import { guestsDir } from './paths.ts';

const linuxGuest = z.object({
  /** What `uname -r` prints in the guest. */
  release: z.string(),
  /** Uncompressed Image (arm64) or zImage (armhf). */
  kernel: z.string(),
  /** busybox initramfs: prints `armoire-guest ready`, then a shell with the prompt `~ # `. */
  initrd: z.string(),
  /** Directory of the kernel package's device trees. */
  dtbs: z.string(),
  busybox: z.string(),
});

const guestPaths = z.object({
  arm64: linuxGuest,
  armhf: linuxGuest,
  /** `-bios` images for `virt`. */
  uBoot: z.object({ arm64: z.string(), arm: z.string() }),
  /** Boot by UEFI (GRUB) into the arm64 kernel and initramfs on ttyAMA0. */
  uefiIso: z.string(),
  uefiDisk: z.object({ raw: z.string(), qcow2: z.string() }),
});
export type GuestFiles = z.infer<typeof guestPaths>;

export const guestManifest = z.object({
  /** Hash of all that decides how the files are made. */
  recipe: z.string(),
  packages: z.array(z.string()),
  /** Relative to the manifest's directory. */
  files: guestPaths,
});
export type GuestManifest = z.infer<typeof guestManifest>;

export const guestManifestFile = path.join(guestsDir, 'manifest.json');

function mapPaths(files: GuestFiles, map: (file: string) => string): GuestFiles {
  const linux = (guest: GuestFiles['arm64']): GuestFiles['arm64'] => ({
    release: guest.release,
    kernel: map(guest.kernel),
    initrd: map(guest.initrd),
    dtbs: map(guest.dtbs),
    busybox: map(guest.busybox),
  });
  return {
    arm64: linux(files.arm64),
    armhf: linux(files.armhf),
    uBoot: { arm64: map(files.uBoot.arm64), arm: map(files.uBoot.arm) },
    uefiIso: map(files.uefiIso),
    uefiDisk: { raw: map(files.uefiDisk.raw), qcow2: map(files.uefiDisk.qcow2) },
  };
}

/** The manifest of a complete staging; null when a file is missing or it is of another form. */
export function readGuestManifest(): GuestManifest | null {
  if (!existsSync(guestManifestFile)) return null;
  const parsed = guestManifest.safeParse(JSON.parse(readFileSync(guestManifestFile, 'utf8')));
  if (!parsed.success) return null;
  let complete = true;
  mapPaths(parsed.data.files, (file) => {
    complete &&= existsSync(path.join(guestsDir, file));
    return file;
  });
  return complete ? parsed.data : null;
}

/** Absolute paths of the staged guests. Throws a `Fault` when they are not staged. */
export function guestFiles(): GuestFiles {
  const manifest = readGuestManifest();
  if (manifest === null) {
    throw new Fault({
      code: 'not-found',
      message: 'The test guests are not staged.',
      remedy: 'Run `npm run stage:guests`.',
    });
  }
  return mapPaths(manifest.files, (file) => path.join(guestsDir, file));
}
