// The ways into a machine besides a Linux kernel: firmware by -bios and in flash, UEFI, loaded files, an SD card.
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rawImage } from '../../../e2e/support/elf.ts';
import type { WizardSource } from '../../../src-main/contract/vm.ts';
import type { GuestFiles } from '../guests.ts';
import { repoRoot } from '../paths.ts';
import { a32Program, a64Elf, a64Program } from './bare-metal.ts';

export interface RouteCase {
  readonly board: string;
  /** For the table. */
  readonly route: string;
  /** What the console must show; the match is what the guest said. */
  readonly says: RegExp;
  /** Makes what is to be started, in a directory that is removed afterwards. */
  source(directory: string, guests: GuestFiles): Promise<WizardSource>;
}

const uBootSays = /U-Boot \d{4}\.\d{2}[^\r\n]*/;
const sampleSays = /Armoire sample guest[\w .]*/;
const mebi = 1024 * 1024;

export const routeCases: readonly RouteCase[] = [
  {
    board: 'virt',
    route: 'Debian U-Boot by -bios',
    says: uBootSays,
    source: async (_directory, { uBoot }) => ({ kind: 'firmware', how: 'bios', file: uBoot.arm64 }),
  },
  {
    board: 'virt',
    route: 'Debian U-Boot in parallel flash',
    says: uBootSays,
    source: async (_directory, { uBoot }) => ({ kind: 'firmware', how: 'pflash', file: uBoot.arm64 }),
  },
  {
    board: 'virt',
    route: 'disk image by UEFI (edk2, GRUB, Debian arm64 kernel)',
    says: /armoire-guest ready/,
    source: async (_directory, { uefiDisk }) => ({
      kind: 'disk',
      image: uefiDisk.qcow2,
      format: 'qcow2',
      use: 'copy',
    }),
  },
  {
    board: 'virt',
    route: 'sample as a raw file by the loader list',
    says: sampleSays,
    source: async (directory) => {
      const elf = await readFile(join(repoRoot, 'resources', 'sample', 'sample-virt.elf'));
      const { address, bytes } = rawImage(elf);
      const file = join(directory, 'sample.bin');
      await writeFile(file, bytes);
      return { kind: 'firmware', how: 'loader', file, address: `0x${address.toString(16)}` };
    },
  },
  {
    // QEMU hw/arm/sbsa-ref.c: RAM at 1 TiB, UART at 0x60000000. Its firmware (Trusted Firmware and edk2 for
    // sbsa-ref) is in no Debian package, so that no operating system is started here.
    board: 'sbsa-ref',
    route: 'bare-metal ELF by -kernel (no package has its firmware)',
    says: /hello from sbsa-ref/,
    source: async (directory) => {
      const file = join(directory, 'sbsa-ref.elf');
      const program = a64Program({ dataRegister: 0x6000_0000, line: 'hello from sbsa-ref\r\n' });
      await writeFile(file, a64Elf(program, 0x100_0010_0000n));
      return { kind: 'firmware', how: 'elf', file };
    },
  },
  {
    // QEMU hw/arm/allwinner-h3.c, allwinner_h3_bootrom_setup: 32 KiB from 8 KiB of the card are copied to address 0.
    board: 'orangepi-pc',
    route: 'bare-metal program on an SD card of 100 MiB, grown to 128 MiB',
    says: /hello from the SD card/,
    source: async (directory) => {
      const image = join(directory, 'card.img');
      const program = a32Program({ dataRegister: 0x01c2_8000, line: 'hello from the SD card\r\n' });
      await writeFile(image, Buffer.concat([Buffer.alloc(8192), program]));
      await truncate(image, 100 * mebi);
      return { kind: 'disk', image, format: 'raw', use: 'copy' };
    },
  },
];
