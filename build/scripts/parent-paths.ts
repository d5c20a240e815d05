// The directories that a list of files needs, for archives and images that make none by themselves.

/** All directories above `paths` (slash-separated), each once, parents first. */
export function parentPaths(paths: readonly string[]): string[] {
  const directories = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/').filter((part) => part !== '');
    for (let depth = 1; depth < parts.length; depth += 1) directories.add(parts.slice(0, depth).join('/'));
  }
  return [...directories];
}
