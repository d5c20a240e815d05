// The environment that QEMU and qemu-img run in: what they need, and nothing that could change what they do.

/**
 * glibc (2.35 and newer) asks for huge pages for large allocations then: QEMU holds a kernel three times over before it
 * runs, and with small pages that alone takes half a second. Others take no notice of it.
 */
const hugePages = 'glibc.malloc.hugetlb=1';

/** C locale: the translator reads English messages. TMPDIR: where QEMU puts temporary files. */
export function qemuEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot'].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LC_ALL: 'C', GLIBC_TUNABLES: hugePages };
}
