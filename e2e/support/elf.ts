// Makes a raw memory image of an ELF: what `objcopy -O binary` does, for tests that load one at an address.

const loadable = 1;

/** The file-backed bytes of a 64-bit little-endian ELF's PT_LOAD segments, and the address of the first. */
export function rawImage(elf: Buffer): { address: bigint; bytes: Buffer } {
  const table = Number(elf.readBigUInt64LE(0x20));
  const entrySize = elf.readUInt16LE(0x36);
  const segments = Array.from({ length: elf.readUInt16LE(0x38) }, (_, index) => {
    const at = table + index * entrySize;
    const offset = Number(elf.readBigUInt64LE(at + 0x08));
    return {
      type: elf.readUInt32LE(at),
      address: elf.readBigUInt64LE(at + 0x18),
      bytes: elf.subarray(offset, offset + Number(elf.readBigUInt64LE(at + 0x20))),
    };
  }).filter(({ type, bytes }) => type === loadable && bytes.length > 0);
  const address = segments.reduce(
    (least, segment) => (segment.address < least ? segment.address : least),
    2n ** 64n,
  );
  const ends = segments.map((segment) => Number(segment.address - address) + segment.bytes.length);
  const bytes = Buffer.alloc(Math.max(...ends));
  for (const segment of segments) segment.bytes.copy(bytes, Number(segment.address - address));
  return { address, bytes };
}
