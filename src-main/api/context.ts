// What the procedures work with; the composition root fills it.
import type { HostFacts } from '../boards/accelerator.ts';
import type { FileBrowser } from '../images/file-browser.ts';
import type { ByteChannel } from '../lib/byte-channel.ts';
import type { Directories } from '../lib/directories.ts';
import type { Tickets } from '../lib/tickets.ts';
import type { QemuFinder } from '../qemu/locate.ts';
import type { Library } from '../vm/library.ts';
import type { SettingsStore } from '../vm/settings.ts';
import type { Supervisor } from '../vm/supervisor.ts';

/** What the desktop can do and the server cannot. What is absent cannot be done. */
export interface HostShell {
  /** Resolves to null when cancelled. */
  chooseFile?(options: { title: string; extensions: string[] }): Promise<string | null>;
  saveFile?(options: { suggestedName: string }): Promise<string | null>;
  trash?(path: string): Promise<void>;
  openConsoleWindow?(vmId: string, console: string): void;
  openLink?(url: string): Promise<void>;
}

export type TicketUse =
  | { kind: 'console'; attach(channel: ByteChannel): void }
  | { kind: 'download'; path: string; fileName: string };

export interface ApiContext {
  mode: 'desktop' | 'browser';
  version: string;
  shell: HostShell;
  directories: Directories;
  host: HostFacts;
  settings: SettingsStore;
  finder: QemuFinder;
  library: Library;
  supervisor: Supervisor;
  /** The places whose files may be used in browser mode. */
  browser: FileBrowser;
  tickets: Tickets<TicketUse>;
}
