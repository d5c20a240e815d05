// What files take on disk, holes left out.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** POSIX: st_blocks counts these, whatever the file system's own are. */
const blockBytes = 512;

export async function allocatedBytes(file: string): Promise<number> {
  return (await stat(file)).blocks * blockBytes;
}

export async function allocatedBelow(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(({ parentPath, name }) => allocatedBytes(join(parentPath, name))),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
