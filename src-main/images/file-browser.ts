// Browsing this computer's files from a browser: within allowed places, links that lead out of them not followed.
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../contract/fault.ts';
import type { FileEntry, FileListing } from '../contract/host.ts';

export interface AllowedRoot {
  label: string;
  path: string;
}

const shownEntries = 2000;

export class FileBrowser {
  private readonly roots: readonly AllowedRoot[];

  constructor(roots: readonly AllowedRoot[]) {
    this.roots = roots;
  }

  /**
   * The real path of a file or directory below an allowed root.
   * Throws Fault `not-permitted` for one outside, `file-unusable` for one that is not there.
   */
  async resolve(wanted: string): Promise<string> {
    const real = await this.requireInside(wanted);
    if (real !== undefined) return real;
    throw new Fault({
      code: 'file-unusable',
      message: `${path.basename(wanted)} is not there (any more).`,
      remedy: 'Choose another file.',
      detail: wanted,
    });
  }

  /** As `resolve`; undefined for one that is not there. What is outside is refused alike, there or not. */
  async requireInside(wanted: string): Promise<string | undefined> {
    const absolute = path.resolve(wanted);
    const real = await realpath(absolute).catch(() => undefined);
    const judged = real ?? (await realParent(absolute));
    if (await this.rootOf(judged)) return real;
    throw notPermitted(wanted);
  }

  /** `null`: the first root. Who shows it may leave hidden files out. Throws as `resolve`, and Fault `not-permitted`. */
  async list(wanted: string | null): Promise<FileListing> {
    const roots = await this.existingRoots();
    const first = roots[0];
    if (!first) throw notPermitted(wanted ?? '');
    const directory = wanted === null ? first.path : await this.resolve(wanted);
    const names = await readdir(directory).catch((error: unknown) => {
      throw new Fault(
        {
          code: 'file-unusable',
          message: `${path.basename(directory)} cannot be listed.`,
          remedy: 'Choose a folder that this user may read.',
          detail: String(error),
        },
        { cause: error },
      );
    });
    // Hidden ones last: in a folder with more than can be listed they must not crowd the others out.
    const ordered = names.sort(
      (a, b) => Number(a.startsWith('.')) - Number(b.startsWith('.')) || a.localeCompare(b),
    );
    const found = await Promise.all(
      ordered.slice(0, shownEntries).map((name) => this.entry(path.join(directory, name), name)),
    );
    const entries = found.filter((entry) => entry !== undefined);
    return {
      path: directory,
      parent: roots.some((root) => root.path === directory) ? null : path.dirname(directory),
      roots,
      entries: [
        ...entries.filter(({ kind }) => kind === 'directory'),
        ...entries.filter(({ kind }) => kind === 'file'),
      ],
      truncated: names.length > shownEntries,
    };
  }

  /** Pipes, devices and sockets are nothing to choose; a link that leads outside is not shown. */
  private async entry(file: string, name: string): Promise<FileEntry | undefined> {
    const real = await realpath(file).catch(() => undefined);
    if (real === undefined || !(await this.rootOf(real))) return undefined;
    const facts = await stat(real).catch(() => undefined);
    if (!facts || (!facts.isFile() && !facts.isDirectory())) return undefined;
    return {
      name,
      path: file,
      kind: facts.isDirectory() ? 'directory' : 'file',
      sizeBytes: facts.isDirectory() ? 0 : facts.size,
      modifiedAt: facts.mtime.toISOString(),
    };
  }

  private async rootOf(real: string): Promise<AllowedRoot | undefined> {
    return (await this.existingRoots()).find((root) => isInside(real, root.path));
  }

  /** A root may itself be reached through links (a home on another disk). */
  private async existingRoots(): Promise<AllowedRoot[]> {
    const resolved = await Promise.all(
      this.roots.map(async (root) => ({ ...root, path: await realpath(root.path).catch(() => undefined) })),
    );
    return resolved.flatMap(({ label, path: real }) => (real === undefined ? [] : [{ label, path: real }]));
  }
}

/** Where a path that is not there would be: its nearest directory that is, and the rest of the path. */
async function realParent(absolute: string): Promise<string> {
  const parent = path.dirname(absolute);
  if (parent === absolute) return absolute;
  const real = await realpath(parent).catch(() => undefined);
  return path.join(real ?? (await realParent(parent)), path.basename(absolute));
}

function isInside(file: string, directory: string): boolean {
  const relative = path.relative(directory, file);
  return (
    relative === '' ||
    (!relative.startsWith(`..${path.sep}`) && relative !== '..' && !path.isAbsolute(relative))
  );
}

function notPermitted(wanted: string): Fault {
  return new Fault({
    code: 'not-permitted',
    message: 'This place is outside of the folders that may be used from the browser.',
    remedy:
      'Choose a file in your home, the library or the uploads; or start the server with ARMOIRE_FILES set to this folder.',
    detail: wanted,
  });
}
