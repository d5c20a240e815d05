// This computer, the settings, and files on it.
import { z } from 'zod';

export const hostInfo = z.object({
  armoireVersion: z.string(),
  platform: z.string(),
  arch: z.string(),
  hostName: z.string(),
  cpuModel: z.string(),
  cores: z.int(),
  memoryMiB: z.int(),
  freeMemoryMiB: z.int(),
  library: z.object({ path: z.string(), freeBytes: z.number(), writable: z.boolean() }),
  /** What this way in can do; the UI asks this and sniffs nothing. */
  capabilities: z.object({
    mode: z.enum(['desktop', 'browser']),
    nativeFileDialog: z.boolean(),
    upload: z.boolean(),
    trash: z.boolean(),
  }),
});
export type HostInfo = z.infer<typeof hostInfo>;

export const settings = z.object({
  qemuOrder: z.enum(['bundled-first', 'system-first']),
  /** A binary of the user's own choice; wins over the order. */
  qemuPath: z.string().nullable(),
  theme: z.enum(['system', 'light', 'dark']),
  /** What quitting does while VMs run. */
  onQuit: z.enum(['ask', 'keep-running', 'save-state', 'shut-down']),
  consoleFontSize: z.int().min(8).max(40),
  /** Bytes kept per console before the oldest are dropped. */
  consoleCapMiB: z.int().min(1).max(4096),
  /** Seconds after Shut down until Force stop is offered. */
  shutdownWaitSeconds: z.int().min(5).max(600),
  /** Show a confirmation for pasted text of several lines. */
  confirmPaste: z.boolean(),
});
export type Settings = z.infer<typeof settings>;

export const fileEntry = z.object({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['directory', 'file']),
  sizeBytes: z.number(),
  modifiedAt: z.string(),
});
export type FileEntry = z.infer<typeof fileEntry>;

export const fileListing = z.object({
  path: z.string(),
  /** null at the top of an allowed root. */
  parent: z.string().nullable(),
  roots: z.array(z.object({ label: z.string(), path: z.string() })),
  entries: z.array(fileEntry),
  /** More were there than are listed. */
  truncated: z.boolean(),
});
export type FileListing = z.infer<typeof fileListing>;
