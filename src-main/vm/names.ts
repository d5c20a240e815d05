// Every file name of the library and of a VM's directory: who writes it, and whether a clone copies it.
import path from 'node:path';

// ---- the library's own directory ----

/** Written by owner.ts: which process has the library now. */
export const ownerFile = 'owner.json';
/** Written by owner.ts while a stale owner is being replaced. */
export const ownerTakeoverFile = 'owner.takeover';
/** Written by the transport: files that a browser sent. An allowed root of the file browser. */
export const uploadsDirectory = 'uploads';
/** Written by library.ts: a VM in the making, renamed to its id when whole. Swept on start. */
export const unfinishedPrefix = '.new-';
/**
 * Written by library.ts: names a VM that QEMU runs for already although it is not whole. Such a VM ends with its manager:
 * process and directory are swept on start.
 */
export const unbornPrefix = '.unborn-';
/** Written by library.ts: a VM on its way out, renamed from its id first. Swept on start. */
export const doomedPrefix = '.deleted-';

// ---- a VM's directory, <library>/<id>/ ----

/** Written by library.ts: the definition. A clone gets its own. */
export const documentFile = 'vm.json';
/** Written by run-record.ts: what runs on this host, or how the last run ended. A clone starts without. */
export const runFile = 'run.json';
/**
 * Written at creation and by disks/: the VM's own disk images. A clone copies it. One that ends in `.partial` is on its
 * way in or out, and settled on start (disks/own-file.ts).
 */
export const disksDirectory = 'disks';
/** Written at creation and by QEMU: firmware, UEFI variables, the sample program. A clone copies it. */
export const firmwareDirectory = 'firmware';
/** Written by QEMU and the console: what the guest printed, what QEMU said. A clone starts without. */
export const logsDirectory = 'logs';

/**
 * Written by snapshots/: one directory for each snapshot, and one for the present once there are snapshots. A clone
 * starts without.
 */
export const snapshotsDirectory = 'snapshots';
/** Written by saved-state.ts: memory that the next start goes on from. A clone starts without. */
export const savedDirectory = 'saved';

/** The directories of a VM whose files are part of what it is. */
export const clonedDirectories = [disksDirectory, firmwareDirectory] as const;

/** The sample program, copied from the app's resources at creation. */
export const sampleFile = `${firmwareDirectory}/sample-virt.elf`;

export const newDiskFile = (diskId: string, format: 'qcow2' | 'raw') =>
  `${disksDirectory}/${diskId}.${format}`;

// ---- snapshots/ ----

export const snapshotDirectory = (id: string) => `${snapshotsDirectory}/${id}`;
/** Written by snapshots/journal.ts: an operation that is under way, for whoever comes after a crash. */
export const snapshotJournalFile = `${snapshotsDirectory}/under-way.json`;

// ---- snapshots/<id>/ ----

/** Written last: what the snapshot is. A directory without one is the present's, or half made and swept. */
export const snapshotManifestFile = 'manifest.json';
/** Written by QEMU: the guest's memory and the state of its devices. Also in saved/. */
export const memoryFile = 'memory';
/** Copied by take.ts: the firmware's variables. */
export const snapshotVariablesFile = (format: 'raw' | 'qcow2') => `vars.${format === 'raw' ? 'fd' : 'qcow2'}`;
/** Written by take.ts: the newest output of the main console. */
export const snapshotConsoleFile = 'console.log';
/** Written by QEMU: the display. */
export const snapshotScreenFile = 'screen.png';
/** Written by QEMU: a disk's changes since the parent. */
export const snapshotLayerFile = (id: string, diskId: string) => `${snapshotDirectory(id)}/${diskId}.qcow2`;

// ---- saved/ ----

/** Written last: a saved state without it is half made. */
export const savedStateFile = 'state.json';

// ---- logs/ ----

/** Written by QEMU (its standard error) and by the supervisor (what it did). */
export const qemuLogFile = 'qemu.log';
/** Written by QEMU: a console's newest output. */
export const consoleLogFile = (consoleId: string) => `${consoleId}.log`;
/** Written by console-rotation.ts: the output before that. */
export const consoleOlderFile = (consoleId: string, from: number) => `${consoleId}.${from}.log`;
/** Written by console-rotation.ts: where the output begins, and a rotation under way. */
export const consoleStateFile = (consoleId: string) => `${consoleId}.json`;

// ---- beside a user's file of firmware variables ----

/** Written by variables-lock.ts while a VM runs with it. */
export const variablesLockSuffix = '.armoire-lock';

// ---- the runtime directory of a VM, <runtime>/<id>/ (0700; nothing to keep) ----

/** Made by QEMU: its QMP socket. */
export const qmpSocket = 'qmp.sock';
/** Written by start-memory.ts: what of a memory QEMU has to load that has mapped the guest's RAM. Gone when it is loaded. */
export const incomingFile = 'incoming';
/** Made before start: keys for a console. */
export const consoleInputPipe = (consoleId: string) => `${consoleId}.in`;

/** A relative name lies in the VM's directory, an absolute one is the user's own file. */
export function resolveFile(vmDirectory: string, file: string): string {
  return path.resolve(vmDirectory, file);
}
