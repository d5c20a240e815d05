// What goes into the QEMU bundle: packages, and which of their files ARM guests need.

import { isOldVersion } from '../../src-main/qemu/probe.ts';

/** Raise it when what a bundle holds changes: older bundles are then made anew. */
export const bundleRecipe = 1;

export const qemuPackage = 'qemu-system-arm';

export const bundlePackages: readonly string[] = [
  qemuPackage,
  'qemu-utils',
  'qemu-system-data',
  'ipxe-qemu',
  'seabios',
  'qemu-efi-aarch64',
];

/** Taken where the suite has them: firmware for 32-bit `virt` guests is no longer in every suite. */
export const optionalPackages: readonly string[] = ['qemu-efi-arm'];

export const bundlePrograms: readonly string[] = ['qemu-system-aarch64', 'qemu-img'];

/** glibc opens it by name at run time (pthread_cancel), so no list of needed libraries shows it. */
export const alsoNeeded = 'libgcc_s.so.1';

/**
 * Loadable parts of QEMU that ARM guests use. Left out: sound, curses, braille, smart cards (50 libraries for them),
 * VGA and s390x variants of virtio-gpu.
 */
export function keepsModule(name: string): boolean {
  return /^(accel-|block-|hw-display-virtio-gpu|hw-uefi|hw-usb-(host|redirect))/.test(name);
}

/**
 * Data files that machines in qemu-system-aarch64 load: boot ROMs of Nuvoton and Aspeed BMCs, option ROMs of the
 * network cards, VGA BIOSes (without its file a `-device VGA` or ramfb complains), keymaps (VNC reads en-us).
 */
export function keepsData(relative: string): boolean {
  return /^(efi-.*\.rom|(npcm|ast)[^/]*\.bin|vgabios-(ramfb|stdvga|virtio|bochs-display)\.bin|keymaps\/.*)$/.test(
    relative,
  );
}

/** Reads a Debian version such as `1:10.0.13+ds-0+deb13u1`. */
export function isNewEnough(packageVersion: string): boolean {
  const match = /^(?:\d+:)?(\d+)\.(\d+)/.exec(packageVersion);
  return match !== null && !isOldVersion({ major: Number(match[1]), minor: Number(match[2]) });
}
