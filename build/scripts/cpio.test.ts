// The archive's layout, read back field by field as the kernel's unpacker does.
import { describe, expect, it } from 'vitest';
import { type CpioEntry, cpioArchive } from './cpio.ts';

interface ReadEntry {
  path: string;
  mode: string;
  device: [number, number];
  body: string;
}

function readArchive(archive: Buffer): ReadEntry[] {
  const entries: ReadEntry[] = [];
  let at = 0;
  const align = () => {
    at = Math.ceil(at / 4) * 4;
  };
  for (;;) {
    expect(archive.toString('latin1', at, at + 6)).toBe('070701');
    const field = (index: number) =>
      Number.parseInt(archive.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
    const [mode, size, major, minor, nameSize] = [field(1), field(6), field(9), field(10), field(11)];
    const nameAt = at + 110;
    const path = archive.toString('utf8', nameAt, nameAt + nameSize - 1);
    expect(archive[nameAt + nameSize - 1]).toBe(0);
    at = nameAt + nameSize;
    align();
    if (path === 'TRAILER!!!') return entries;
    entries.push({
      path,
      mode: mode.toString(8),
      device: [major, minor],
      body: archive.toString('utf8', at, at + size),
    });
    at += size;
    align();
  }
}

describe('cpioArchive', () => {
  const input: CpioEntry[] = [
    { kind: 'directory', path: 'bin' },
    { kind: 'file', path: 'bin/tool', content: Buffer.from('#!/bin/sh\n'), mode: 0o755 },
    { kind: 'file', path: 'odd', content: Buffer.from('12345') },
    { kind: 'file', path: 'empty', content: new Uint8Array() },
    { kind: 'symlink', path: 'bin/sh', target: 'tool' },
    { kind: 'character-device', path: 'dev/console', major: 5, minor: 1 },
  ];

  it('holds every entry with its type, mode, device and content', () => {
    expect(readArchive(cpioArchive(input))).toEqual([
      { path: 'bin', mode: '40755', device: [0, 0], body: '' },
      { path: 'bin/tool', mode: '100755', device: [0, 0], body: '#!/bin/sh\n' },
      { path: 'odd', mode: '100644', device: [0, 0], body: '12345' },
      { path: 'empty', mode: '100644', device: [0, 0], body: '' },
      { path: 'bin/sh', mode: '120777', device: [0, 0], body: 'tool' },
      { path: 'dev/console', mode: '20600', device: [5, 1], body: '' },
    ]);
  });

  it('fills whole blocks and is the same every time', () => {
    const archive = cpioArchive(input);
    expect(archive.length % 512).toBe(0);
    expect(cpioArchive(input).equals(archive)).toBe(true);
  });
});
