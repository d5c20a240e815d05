// What the command line is given by the program it runs in: the app core, the installation, the terminal.
import type { ReadStream, WriteStream } from 'node:tty';
import type { Settings } from '../contract/host.ts';
import type { Directories } from '../lib/directories.ts';
import type { Served } from '../transport/served.ts';

/** The part of the app core that the command line and the server need. */
export interface AppCore extends Served {
  settings(): Settings;
  runningVms(): { id: string; name: string }[];
  /** Where other processes of this user reach whoever owns the library. */
  controlSocket: string;
  uploadDirectory: string;
  /** VMs keep running. */
  close(): Promise<void>;
}

export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  version: string;
  /** Data shipped with the app. */
  resourcesDir: string;
  /** The built page. */
  rendererDir: string;
  /** Throws Fault `library-in-use`, `library-unwritable`, … */
  openCore(directories: Directories): Promise<AppCore>;
  terminal: Terminal;
  /** Calls when the user (Ctrl-C) or the system wants the program to end; returns what stops listening. */
  onInterrupt(listener: () => void): () => void;
}

export interface Terminal {
  stdin: NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>;
  stdout: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;
  stderr: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;
}
