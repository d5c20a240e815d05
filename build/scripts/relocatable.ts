// Programs of an unpacked package tree run from anywhere: through the tree's own dynamic loader (ld.so(8)).
import { lstat, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';

/** An unpacked package tree with its C library. */
export interface PackageTree {
  root: string;
  /** The tree's own ld-linux, a real file. */
  loader: string;
  libraryDirs: string[];
}

async function subdirectories(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(dir, entry.name));
}

async function loaderIn(dir: string): Promise<string | null> {
  const names = await readdir(dir).catch(() => []);
  for (const name of names) {
    if (!/^ld-linux.*\.so\.\d+$/.test(name)) continue;
    const file = path.join(dir, name);
    if ((await lstat(file)).isFile()) return file;
  }
  return null;
}

/** Finds the loader and library directories of an unpacked tree, merged-/usr or not. */
export async function openPackageTree(root: string): Promise<PackageTree> {
  const candidates = [
    ...(await subdirectories(path.join(root, 'usr/lib'))),
    ...(await subdirectories(path.join(root, 'lib'))),
  ];
  const multiarch = candidates.filter((dir) => /-linux-gnu[a-z0-9]*$/.test(dir));
  for (const dir of multiarch) {
    const loader = await loaderIn(dir);
    if (loader !== null) return { root, loader, libraryDirs: multiarch };
  }
  throw new Error(`no dynamic loader in ${root}`);
}

/** Command and arguments that start `program` (relative to the tree) with the tree's own C library. */
export function inTree(tree: PackageTree, program: string, args: readonly string[]): [string, string[]] {
  return [
    tree.loader,
    ['--library-path', tree.libraryDirs.join(':'), path.join(tree.root, program), ...args],
  ];
}

/** Reads `ld.so --list`: soname → path; null for one that was not found. */
export function parseLoaderList(text: string): Map<string, string | null> {
  const libraries = new Map<string, string | null>();
  for (const line of text.split('\n')) {
    const match = /^\s+(\S+) => (?:(.+) \(0x[0-9a-f]+\)|not found)$/.exec(line);
    if (match?.[1] !== undefined) libraries.set(match[1], match[2] ?? null);
  }
  return libraries;
}

/** All libraries that `file` needs, soname → real path within the tree. */
export async function neededLibraries(tree: PackageTree, file: string): Promise<Map<string, string>> {
  const [command, args] = inTree(tree, path.relative(tree.root, file), []);
  const { stdout } = await execa(command, ['--list', ...args], { env: { LD_LIBRARY_PATH: '' } });
  const needed = new Map<string, string>();
  for (const [soname, found] of parseLoaderList(stdout)) {
    if (path.isAbsolute(soname)) continue;
    if (found === null || !found.startsWith(`${tree.root}/`)) {
      throw new Error(`${soname}, which ${file} needs, is not among the packages`);
    }
    needed.set(soname, await realpath(found));
  }
  return needed;
}

/**
 * A launcher for `libexec/<program>` beside the bundle's `lib`. It replaces itself (`exec`), so that the pid one
 * spawns is the program's own, finds its directory through symlinks, and needs no environment.
 */
export function launcherScript(
  loaderName: string,
  program: string,
  environment: string,
  args: string,
): string {
  return `#!/bin/sh
# Starts ${program} with the C library of this bundle, wherever the bundle lies.
self=$0
while [ -L "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=\${self%/*}/$link ;;
  esac
done
case $self in
  */*) here=\${self%/*} ;;
  *) here=. ;;
esac
root=$(CDPATH='' cd -P -- "$here/.." && pwd) || exit 127
case $root in
  *[:\\;]*)
    # The loader splits its library path at these (ld.so(8)) and has no way to quote them.
    echo "${program}: cannot run from a path with a colon or semicolon: $root" >&2
    exit 127
    ;;
esac
${environment}exec "$root/lib/${loaderName}" --library-path "$root/lib" "$root/libexec/${program}"${args} "$@"
`;
}
