// The snapshot group of commands, and what makes other VMs from snapshots: clone, fork.
import type { Command } from 'commander';
import { type CloneOptions, clone, fork } from './clone.ts';
import { type Commands, declare } from './commands.ts';
import {
  type BranchOptions,
  branchSnapshot,
  deleteSnapshot,
  listSnapshots,
  type RenameOptions,
  type ResetOptions,
  renameSnapshot,
  resetOnStart,
  restoreSnapshot,
  type TakeOptions,
  takeSnapshot,
} from './snapshot.ts';
import type { OutputOptions } from './vm-commands.ts';

export function addSnapshotCommands(program: Command, { around, inLibrary }: Commands): void {
  const group = program
    .command('snapshot')
    .description('points in the life of a VM: take one, go back, branch (by name or id)');

  declare(group, 'take <vm> [name]', 'take one: with memory while the VM runs, else its disks')
    .option('--note <text>', 'what it is for')
    .action((vm: string, name: string | undefined, options: TakeOptions) =>
      inLibrary((client) => takeSnapshot(client, around, [vm, name], options)),
    );
  declare(group, 'list <vm>', 'show the tree, with the present in it').action(
    (vm: string, options: OutputOptions) => inLibrary((client) => listSnapshots(client, around, vm, options)),
  );
  declare(group, 'restore <vm> <snapshot>', 'go back to one; without --keep the present is dropped')
    .option('--keep <name>', 'keep the present as a snapshot of this name')
    .option('--cold', 'its disks alone: the VM is stopped afterwards')
    .option('--start', 'let the VM run afterwards, whatever the snapshot held')
    .action((vm: string, snapshot: string, options: BranchOptions) =>
      inLibrary((client) => restoreSnapshot(client, around, [vm, snapshot], options)),
    );
  declare(group, 'branch <vm> <snapshot>', 'go back to one, and keep the present as a snapshot')
    .option('--keep <name>', 'name of that snapshot')
    .option('--cold', 'its disks alone: the VM is stopped afterwards')
    .option('--start', 'let the VM run afterwards, whatever the snapshot held')
    .action((vm: string, snapshot: string, options: BranchOptions) =>
      inLibrary((client) => branchSnapshot(client, around, [vm, snapshot], options)),
    );
  declare(group, 'rename <vm> <snapshot> <name>', 'give one another name')
    .option('--note <text>', 'and another note')
    .action((vm: string, snapshot: string, name: string, options: RenameOptions) =>
      inLibrary((client) => renameSnapshot(client, around, [vm, snapshot, name], options)),
    );
  declare(group, 'delete <vm> <snapshot>', 'delete one; what grew from it keeps working').action(
    (vm: string, snapshot: string, options: OutputOptions) =>
      inLibrary((client) => deleteSnapshot(client, around, [vm, snapshot], options)),
  );
  declare(group, 'reset-on-start <vm> [snapshot]', 'let every start begin from a snapshot')
    .option('--off', 'from the present again')
    .action((vm: string, snapshot: string | undefined, options: ResetOptions) =>
      inLibrary((client) => resetOnStart(client, around, [vm, snapshot], options)),
    );
}

export function addCloneCommands(program: Command, { around, inLibrary }: Commands): void {
  declare(program, 'clone <vm>', 'make another VM from the disks of this one')
    .requiredOption('--name <name>', 'name of the new VM')
    .option('--snapshot <snapshot>', 'as the VM was then, instead of now')
    .option('--linked', 'share what both have in common, instead of copying it')
    .option('--start', 'start it at once')
    .action((vm: string, options: CloneOptions) => inLibrary((client) => clone(client, around, vm, options)));
  declare(program, 'fork <vm>', 'make another running VM that goes on from the memory of this one')
    .requiredOption('--name <name>', 'name of the new VM')
    .option('--snapshot <snapshot>', 'as the VM was then, instead of now')
    .action((vm: string, options: CloneOptions) => inLibrary((client) => fork(client, around, vm, options)));
}
