// The commands that a busybox binary has, read from the binary: one for another processor cannot be asked.

/**
 * busybox keeps its applets' names as one block of NUL-terminated strings in byte order (applet_names, which
 * libbb/appletlib.c searches by halving); `[` and `[[` come first. The block ends where the order does.
 */
export function busyboxApplets(binary: Buffer): string[] {
  const applets: string[] = [];
  let at = binary.indexOf(Buffer.from('[\0[[\0', 'latin1'));
  if (at < 0) throw new Error('no table of applets in this busybox');
  for (;;) {
    const end = binary.indexOf(0, at);
    const name = binary.toString('latin1', at, end);
    if (!/^[a-z0-9[_.-]+$/.test(name) || name <= (applets.at(-1) ?? '')) return applets;
    applets.push(name);
    at = end + 1;
  }
}
