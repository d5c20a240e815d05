// The wizard's first answer while it is being given: a draft per kind, so that changing one's mind loses nothing.
import type { WizardSource } from '../../../src-main/contract/vm.ts';

export type SourceKind = WizardSource['kind'];
export type FirmwareRoute = Extract<WizardSource, { kind: 'firmware' }>['how'];

export interface SourceDrafts {
  /** `cmdline` null: the suggested one stands. */
  readonly kernel: { kernel: string; initrd: string; dtb: string; cmdline: string | null };
  readonly firmware: { how: FirmwareRoute; file: string; address: string };
  readonly iso: { iso: string; diskGiB: number };
  /** `format` null: taken from the file itself where it is beyond doubt. */
  readonly disk: { image: string; use: 'copy' | 'in-place'; format: 'qcow2' | 'raw' | null };
}

export const emptyDrafts: SourceDrafts = {
  kernel: { kernel: '', initrd: '', dtb: '', cmdline: null },
  firmware: { how: 'bios', file: '', address: '' },
  iso: { iso: '', diskGiB: 20 },
  disk: { image: '', use: 'copy', format: null },
};

const GiB = 1024 ** 3;
const hexAddress = /^0x[0-9a-fA-F]{1,16}$/;

/** What is still to be said before a machine can be suggested. */
export function missingOf(kind: SourceKind | null, drafts: SourceDrafts): string | null {
  switch (kind) {
    case null:
      return 'Choose what you want to run.';
    case 'sample':
      return null;
    case 'kernel':
      return drafts.kernel.kernel === '' ? 'Choose a kernel.' : null;
    case 'firmware': {
      const { how, file, address } = drafts.firmware;
      if (file === '') return 'Choose a file.';
      if (how === 'loader' && address !== '' && !hexAddress.test(address))
        return 'Give the address as 0x and hexadecimal digits.';
      return null;
    }
    case 'iso':
      return drafts.iso.iso === '' ? 'Choose an installer image.' : null;
    case 'disk':
      return drafts.disk.image === '' ? 'Choose a disk image.' : null;
  }
}

/** null while something is missing. */
export function sourceOf(kind: SourceKind | null, drafts: SourceDrafts): WizardSource | null {
  if (kind === null || missingOf(kind, drafts) !== null) return null;
  switch (kind) {
    case 'sample':
      return { kind };
    case 'kernel': {
      const { kernel, initrd, dtb, cmdline } = drafts.kernel;
      return {
        kind,
        kernel,
        ...(initrd === '' ? {} : { initrd }),
        ...(dtb === '' ? {} : { dtb }),
        ...(cmdline === null ? {} : { cmdline }),
      };
    }
    case 'firmware': {
      const { how, file, address } = drafts.firmware;
      return { kind, how, file, ...(how === 'loader' && address !== '' ? { address } : {}) };
    }
    case 'iso':
      return { kind, iso: drafts.iso.iso, diskBytes: drafts.iso.diskGiB * GiB };
    case 'disk': {
      const { image, use, format } = drafts.disk;
      return { kind, image, use, ...(format === null ? {} : { format }) };
    }
  }
}
