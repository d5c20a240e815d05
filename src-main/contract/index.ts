// The contract: every procedure that the renderer and the command line can call, and its types.
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { boardCard } from './board.ts';
import { disk, fileRef, vmDefinition, vmId, vmName } from './definition.ts';
import { diskCheck, diskReport, diskSource } from './disk.ts';
import { faultData } from './fault.ts';
import { fileListing, hostInfo, settings } from './host.ts';
import { fileFact } from './image.ts';
import { job } from './job.ts';
import { deviceTreeForm, memoryMap } from './memory-map.ts';
import { qemuReport } from './qemu.ts';
import {
  cloneKind,
  snapshotDetail,
  snapshotId,
  snapshotName,
  snapshotNote,
  snapshotTree,
  snapshotView,
} from './snapshot.ts';
import {
  checkResult,
  createRequest,
  explainedArgument,
  metrics,
  refitResult,
  silence,
  suggestion,
  vmEvent,
  vmView,
  wizardSource,
} from './vm.ts';

/** Every expected failure is this one typed error; its data says the rest. */
const base = oc.errors({ FAULT: { status: 422, data: faultData } });
const byId = z.object({ id: vmId });
const nothing = z.object({});
const bySnapshot = z.object({ id: vmId, snapshot: snapshotId });
const byDisk = z.object({ id: vmId, disk: z.string() });

export const contract = {
  host: {
    info: base.output(hostInfo),
    qemu: base.input(z.object({ refresh: z.boolean() })).output(qemuReport),
    settings: base.output(settings),
    saveSettings: base.input(settings.partial()).output(settings),
    watchSettings: base.output(eventIterator(settings)),
    listFiles: base.input(z.object({ path: z.string().nullable() })).output(fileListing),
    /** Desktop only: the system's file dialog; null when cancelled. */
    chooseFile: base
      .input(z.object({ title: z.string(), extensions: z.array(z.string()) }))
      .output(z.object({ path: z.string().nullable() })),
    inspectFile: base.input(z.object({ path: z.string() })).output(fileFact),
    /** Opens an http(s) link outside of the app; the UI has already asked. */
    openLink: base.input(z.object({ url: z.url() })).output(nothing),
  },
  boards: {
    list: base.output(z.array(boardCard)),
    refit: base.input(z.object({ definition: vmDefinition, machine: z.string() })).output(refitResult),
    /** The guest's address space: what runs, or what Start would make. Asks QEMU by dry starts (about 0.3 s). */
    memoryMap: base.input(byId).output(memoryMap),
    /** The device tree as a file: a one-time ticket for a download, or where the native dialog saved it. */
    saveDeviceTree: base
      .input(z.object({ id: vmId, form: deviceTreeForm }))
      .output(z.object({ ticket: z.string().nullable(), savedAs: z.string().nullable() })),
  },
  vms: {
    watch: base.output(eventIterator(vmEvent)),
    suggest: base.input(z.object({ source: wizardSource, name: z.string().optional() })).output(suggestion),
    /** `dry`: also ask QEMU itself by a dry start (about 0.1 s). */
    check: base
      .input(z.object({ request: createRequest, id: vmId.optional(), dry: z.boolean() }))
      .output(checkResult),
    create: base.input(z.object({ request: createRequest, start: z.boolean() })).output(vmView),
    /** `revision`: the one the edit began from; another one in the library is a `conflict`. */
    update: base.input(z.object({ id: vmId, revision: z.int(), definition: vmDefinition })).output(vmView),
    rename: base.input(z.object({ id: vmId, name: vmName })).output(vmView),
    /**
     * Another VM made from this one, or from one of its snapshots. `copy` and `linked` of the present want it stopped
     * or, `linked`, take a snapshot first; `fork` of the present takes one with memory. `start`: a fork always runs.
     */
    clone: base
      .input(
        z.object({
          id: vmId,
          name: vmName,
          kind: cloneKind,
          snapshot: snapshotId.nullable(),
          start: z.boolean(),
        }),
      )
      .output(vmView),
    /** Its memory goes to disk and QEMU ends; Start goes on from there. */
    saveState: base.input(byId).output(vmView),
    /** As pulling the plug on what was saved: the next start is a cold boot. */
    discardState: base.input(byId).output(vmView),
    /** Every start begins from this snapshot; null: from the present, as usual. */
    setResetTo: base.input(z.object({ id: vmId, snapshot: snapshotId.nullable() })).output(vmView),
    /** What a delete would take away. */
    deletePreview: base.input(byId).output(
      z.object({
        directory: z.string(),
        bytes: z.number(),
        files: z.array(z.string()),
        trash: z.boolean(),
      }),
    ),
    delete: base.input(byId).output(nothing),
    start: base.input(byId).output(vmView),
    pause: base.input(byId).output(vmView),
    resume: base.input(byId).output(vmView),
    reset: base.input(byId).output(vmView),
    /** A new QEMU with the boot files as they are now; consoles go on. */
    reload: base.input(byId).output(vmView),
    shutdown: base.input(byId).output(vmView),
    forceStop: base.input(byId).output(vmView),
    commandLine: base
      .input(byId)
      .output(z.object({ program: z.string(), arguments: z.array(explainedArgument) })),
    /** Newest last; QEMU's stderr and what the supervisor did. */
    log: base.input(byId).output(z.object({ text: z.string(), truncated: z.boolean() })),
    /** Why what runs may print nothing, and when to ask: for a guest without a byte on any console. */
    silence: base.input(byId).output(silence),
    metrics: base.input(byId).output(eventIterator(metrics)),
  },
  snapshots: {
    /** The whole tree, again after every change. */
    watch: base.input(byId).output(eventIterator(snapshotTree)),
    tree: base.input(byId).output(snapshotTree),
    detail: base.input(bySnapshot).output(snapshotDetail),
    /** With memory when it runs (the guest stands still for a blink), disks alone when it does not. */
    take: base.input(z.object({ id: vmId, name: snapshotName, note: snapshotNote })).output(snapshotView),
    /**
     * `keepPresent`: as a snapshot with this name before it is left; null: it is dropped. `memory`: go on from the saved
     * memory (then it runs, or is paused as it was), else the disks alone and the VM is stopped.
     */
    restore: base
      .input(bySnapshot.extend({ keepPresent: snapshotName.nullable(), memory: z.boolean() }))
      .output(vmView),
    rename: base.input(bySnapshot.extend({ name: snapshotName, note: snapshotNote })).output(snapshotView),
    /** What grew from it keeps working; its space comes back. */
    delete: base.input(bySnapshot).output(nothing),
  },
  disks: {
    report: base.input(byId).output(diskReport),
    /** Adds a disk; `disk.file` is settled by where it comes from. While the VM runs: plugged in where the bus can. */
    add: base.input(z.object({ id: vmId, revision: z.int(), disk, source: diskSource })).output(vmView),
    /** Takes a disk out, also of a running VM where the bus can. An image in the VM's directory is deleted when wished. */
    remove: base.input(byDisk.extend({ revision: z.int(), deleteImage: z.boolean() })).output(vmView),
    /** Another medium in a CD drive, at once when it runs; null: an empty tray is not kept, the drive is closed on nothing. */
    changeMedium: base.input(byDisk.extend({ revision: z.int(), file: fileRef })).output(vmView),
    /** `advice`: what is left to do inside of the guest. A smaller size cuts off the end: a snapshot is taken first. */
    resize: base
      .input(byDisk.extend({ sizeBytes: z.number().int().min(1048576), shrink: z.boolean() }))
      .output(z.object({ advice: z.string() })),
    convert: base.input(byDisk.extend({ format: z.enum(['qcow2', 'raw']) })).output(vmView),
    /** Gives blocks that hold nothing but zeros back to the host. */
    compact: base.input(byDisk).output(z.object({ freedBytes: z.number() })),
    check: base.input(byDisk.extend({ repair: z.boolean() })).output(diskCheck),
  },
  jobs: {
    /** All that is under way, again after every change. */
    watch: base.output(eventIterator(z.array(job))),
    cancel: base.input(z.object({ job: z.uuid() })).output(nothing),
  },
  console: {
    /**
     * A one-time ticket for a byte channel; see `contract/console.ts` for what travels on it. It begins at offset
     * `from`, or `tail` bytes before the end, or (neither given) at the oldest byte kept.
     */
    open: base
      .input(
        z.object({
          id: vmId,
          console: z.string(),
          from: z.number().int().min(0).optional(),
          tail: z.number().int().min(0).optional(),
        }),
      )
      .output(z.object({ ticket: z.string() })),
    sendBreak: base.input(z.object({ id: vmId, console: z.string() })).output(nothing),
    /** Forgets the output so far, for every viewer. */
    clear: base.input(z.object({ id: vmId, console: z.string() })).output(nothing),
    /** Where the console is written on this computer. */
    logFile: base.input(z.object({ id: vmId, console: z.string() })).output(z.object({ path: z.string() })),
    /** A one-time ticket for downloading the whole log over HTTP, or saving it by the native dialog. */
    saveLog: base
      .input(z.object({ id: vmId, console: z.string() }))
      .output(z.object({ ticket: z.string().nullable(), savedAs: z.string().nullable() })),
    /** Desktop: opens (or focuses) the console's own window. In the browser the renderer opens one itself. */
    openWindow: base.input(z.object({ id: vmId, console: z.string() })).output(nothing),
  },
};
export type Contract = typeof contract;
