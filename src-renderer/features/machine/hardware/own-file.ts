// Tells the machine's own files from the user's.

/** A relative path is inside of the machine's directory; an absolute one (of either kind of system) is the user's. */
export function isOwnFile(path: string): boolean {
  return path !== '' && !/^([/\\]|[A-Za-z]:[\\/])/.test(path);
}
