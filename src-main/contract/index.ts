// The contract: every procedure that the renderer and the command line can call, and its types.
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { boardCard } from './board.ts';
import { vmDefinition, vmId, vmName } from './definition.ts';
import { faultData } from './fault.ts';
import { fileListing, hostInfo, settings } from './host.ts';
import { fileFact } from './image.ts';
import { deviceTreeForm, memoryMap } from './memory-map.ts';
import { qemuReport } from './qemu.ts';
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
    duplicate: base.input(z.object({ id: vmId, name: vmName })).output(vmView),
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
