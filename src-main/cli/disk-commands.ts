// The disk group of commands.
import { type Command, Option } from 'commander';
import { type Commands, declare } from './commands.ts';
import {
  type CheckOptions,
  type ConvertOptions,
  checkDisks,
  compactDisks,
  convertDisk,
  diskInfo,
  type GrowOptions,
  growDisk,
} from './disk.ts';
import { parseSize } from './size.ts';
import type { OutputOptions } from './vm-commands.ts';

type DiskName = string | undefined;

export function addDiskCommands(program: Command, { around, inLibrary }: Commands): void {
  const group = program
    .command('disk')
    .description('disks of a VM: what they take, and what can be done (by id, such as disk0)');

  declare(group, 'info <vm> [disk]', 'size, what is used, what it builds on').action(
    (vm: string, disk: DiskName, options: OutputOptions) =>
      inLibrary((client) => diskInfo(client, around, [vm, disk], options)),
  );
  declare(group, 'grow <vm> [disk]', 'make a disk larger, and tell what the guest must do')
    .requiredOption('--to <size>', 'the new size, such as 20G', parseSize)
    .action((vm: string, disk: DiskName, options: GrowOptions) =>
      inLibrary((client) => growDisk(client, around, [vm, disk], options)),
    );
  declare(group, 'check <vm> [disk]', 'look for faults in the images; ends with 1 when there are some')
    .option('--repair', 'mend what can be mended')
    .action((vm: string, disk: DiskName, options: CheckOptions) =>
      inLibrary((client) => checkDisks(client, around, [vm, disk], options)),
    );
  declare(group, 'compact <vm> [disk]', 'give blocks that hold only zeros back to this computer').action(
    (vm: string, disk: DiskName, options: OutputOptions) =>
      inLibrary((client) => compactDisks(client, around, [vm, disk], options)),
  );
  declare(group, 'convert <vm> [disk]', 'change the format of the image')
    .addOption(new Option('--to <format>', 'the new format').choices(['qcow2', 'raw']).makeOptionMandatory())
    .action((vm: string, disk: DiskName, options: ConvertOptions) =>
      inLibrary((client) => convertDisk(client, around, [vm, disk], options)),
    );
}
