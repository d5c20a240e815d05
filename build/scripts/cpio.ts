// Writes cpio archives in the "newc" form that the kernel unpacks as an initramfs.
// Source: Documentation/driver-api/early-userspace/buffer-format.rst in the kernel's source.

export type CpioEntry =
  | { kind: 'directory'; path: string; mode?: number }
  | { kind: 'file'; path: string; content: Uint8Array; mode?: number }
  | { kind: 'symlink'; path: string; target: string }
  | { kind: 'character-device'; path: string; major: number; minor: number; mode?: number };

interface Fields {
  path: string;
  mode: number;
  body: Uint8Array;
  device: [number, number];
  links: number;
}

/** File type bits of st_mode, inode(7). */
const typeBits = {
  directory: 0o040000,
  file: 0o100000,
  symlink: 0o120000,
  'character-device': 0o020000,
} as const;

function fieldsOf(entry: CpioEntry): Fields {
  const type = typeBits[entry.kind];
  switch (entry.kind) {
    case 'directory':
      return {
        path: entry.path,
        mode: type | (entry.mode ?? 0o755),
        body: new Uint8Array(),
        device: [0, 0],
        links: 2,
      };
    case 'file':
      return {
        path: entry.path,
        mode: type | (entry.mode ?? 0o644),
        body: entry.content,
        device: [0, 0],
        links: 1,
      };
    case 'symlink':
      return {
        path: entry.path,
        mode: type | 0o777,
        body: Buffer.from(entry.target),
        device: [0, 0],
        links: 1,
      };
    case 'character-device':
      return {
        path: entry.path,
        mode: type | (entry.mode ?? 0o600),
        body: new Uint8Array(),
        device: [entry.major, entry.minor],
        links: 1,
      };
  }
}

function hex8(value: number): string {
  return value.toString(16).toUpperCase().padStart(8, '0');
}

function padTo(length: number, boundary: number): Buffer {
  return Buffer.alloc((boundary - (length % boundary)) % boundary);
}

function record(inode: number, { path, mode, body, device, links }: Fields): Buffer {
  const name = Buffer.from(`${path}\0`);
  const header = Buffer.from(
    [
      '070701',
      hex8(inode),
      hex8(mode),
      hex8(0), // uid
      hex8(0), // gid
      hex8(links),
      hex8(0), // mtime: none, so that equal contents give equal archives
      hex8(body.length),
      hex8(0), // device that holds the file
      hex8(0),
      hex8(device[0]),
      hex8(device[1]),
      hex8(name.length),
      hex8(0), // checksum, unused in this form
    ].join(''),
    'latin1',
  );
  return Buffer.concat([header, name, padTo(header.length + name.length, 4), body, padTo(body.length, 4)]);
}

/** An archive of `entries` in their order (parents first); paths are relative, without a leading slash. */
export function cpioArchive(entries: readonly CpioEntry[]): Buffer {
  const records = entries.map((entry, index) => record(index + 1, fieldsOf(entry)));
  records.push(record(0, { path: 'TRAILER!!!', mode: 0, body: new Uint8Array(), device: [0, 0], links: 1 }));
  const archive = Buffer.concat(records);
  return Buffer.concat([archive, padTo(archive.length, 512)]);
}
