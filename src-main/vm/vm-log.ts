// The log of a VM: QEMU's standard error, and between it what the supervisor did.
import { appendFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { unlessMissing } from '../lib/errno.ts';
import { readTail } from '../lib/read-tail.ts';
import { logsDirectory, qemuLogFile } from './names.ts';

/** QEMU says little; a log beyond this is put aside at the next start. */
const longLogBytes = 4 * 1024 * 1024;
const shownBytes = 256 * 1024;
/** QEMU's last words are never longer than this in earnest. */
const wordsBytes = 64 * 1024;
const ours = '[armoire] ';

export class VmLog {
  readonly file: string;

  constructor(vmDirectory: string) {
    this.file = path.join(vmDirectory, logsDirectory, qemuLogFile);
  }

  /** Before QEMU starts. Resolves to where its words will begin. */
  async begin(): Promise<number> {
    const size = await this.size();
    if (size <= longLogBytes) return size;
    await rename(this.file, `${this.file}.old`);
    return 0;
  }

  /** A log that cannot be written (a full disk) stops no VM. */
  async note(text: string): Promise<void> {
    await appendFile(this.file, `${ours}${new Date().toISOString()} ${text}\n`, { mode: 0o600 }).catch(
      () => undefined,
    );
  }

  /** What QEMU itself said since `from`. */
  async wordsOfQemu(from: number): Promise<string> {
    const length = Math.max(0, (await this.size()) - from);
    const { text } = await readTail(this.file, Math.min(length, wordsBytes));
    return text
      .split('\n')
      .filter((line) => !line.startsWith(ours))
      .join('\n')
      .trim();
  }

  read(): Promise<{ text: string; truncated: boolean }> {
    return readTail(this.file, shownBytes);
  }

  private async size(): Promise<number> {
    return (await unlessMissing(stat(this.file)))?.size ?? 0;
  }
}
