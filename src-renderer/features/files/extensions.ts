// File name endings that people use for each kind of file: a hint for dialogs, never a proof.
import type { FilePurpose } from '../../slots.ts';

interface PurposeWords {
  /** The dialog's title. */
  readonly title: string;
  /** Without the dot; empty: every file, since kernels and RAM disks often have none. */
  readonly extensions: readonly string[];
}

export const purposeWords: Readonly<Record<FilePurpose, PurposeWords>> = {
  kernel: { title: 'Choose a kernel', extensions: [] },
  initrd: { title: 'Choose an initial RAM disk', extensions: [] },
  'device-tree': { title: 'Choose a device tree', extensions: ['dtb', 'dtbo'] },
  firmware: { title: 'Choose a firmware image or program', extensions: [] },
  iso: { title: 'Choose an installer image', extensions: ['iso', 'img'] },
  disk: {
    title: 'Choose a disk image',
    extensions: ['qcow2', 'img', 'raw', 'vmdk', 'vdi', 'vhdx', 'xz', 'zst', 'gz'],
  },
  any: { title: 'Choose a file', extensions: [] },
};
