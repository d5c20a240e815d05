// The environment that QEMU and qemu-img run in: what they need, and nothing that could change what they do.

/** C locale: the translator reads English messages. TMPDIR: where QEMU puts temporary files. */
export function qemuEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot'].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}
