// Directories that only their owner may look into.
import { chmod, lstat, mkdir } from 'node:fs/promises';

/**
 * Makes a directory with mode 0700. One that is already there is accepted only when it is a real directory of
 * ours: in a shared place such as /tmp someone else may have made it first, to read or replace what we put there.
 * Throws an Error that says so, or the system's error.
 */
export async function makePrivateDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const facts = await lstat(directory);
  const user = process.getuid?.();
  if (!facts.isDirectory() || (user !== undefined && facts.uid !== user)) {
    throw new Error(`${directory} is not a directory of this user`);
  }
  if ((facts.mode & 0o077) !== 0) await chmod(directory, 0o700);
}
