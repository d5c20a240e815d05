import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { boardFor } from './board.ts';
import { qemu10, qemu11 } from './fixtures/samples.ts';
import { boardFamily, boardRow, boardSchemas, cpuTable } from './row.ts';
import { rowAt } from './row-at.ts';
import { listedBoard, listedBoards, listedCpu, unversioned } from './table.ts';

const directory = path.resolve(import.meta.dirname, '../../resources/boards');
const rows = listedBoards().map(({ row }) => row);
const families = readdirSync(directory).filter(
  (name) => name.endsWith('.json') && !name.endsWith('.schema.json') && name !== 'cpus.json',
);

const read = (name: string): unknown => JSON.parse(readFileSync(path.join(directory, name), 'utf8'));

describe('the board table', () => {
  it('has every family file of resources/boards, each to its schema', () => {
    const named = families.flatMap((name) => boardFamily.parse(read(name)).boards.map((row) => row.name));
    expect(named.sort()).toEqual(rows.map(({ name }) => name).sort());
    expect(() => cpuTable.parse(read('cpus.json'))).not.toThrow();
  });

  it('has the JSON schemas for editors that build/scripts/board-schema.ts writes', () => {
    for (const [name, schema] of Object.entries(boardSchemas())) {
      expect(read(name), name).toEqual(JSON.parse(JSON.stringify(schema)));
    }
  });

  it('names every machine once, aliases included', () => {
    const names = rows.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(rows.map((row) => [row.name, row] as const))('%s makes sense', (_name, row) => {
    const variants = ['8.2', '9.2', '10.0', '11.1'].map((text) => {
      const [major = 0, minor = 0] = text.split('.').map(Number);
      return rowAt(row, { major, minor });
    });
    for (const { cpu, uarts, consoleUart = 0, memory, boot, disks, flashMiB } of variants) {
      expect(cpu.fits).toContain(cpu.default);
      if (cpu.recommended !== undefined) expect(cpu.fits).toContain(cpu.recommended);
      const known = [...cpu.fits, ...(cpu.besides ?? [])].filter((name) => name !== 'host');
      expect(known.filter((name) => listedCpu(name) === undefined)).toEqual([]);
      expect(Object.keys(cpu.notes ?? {}).filter((name) => !cpu.fits.includes(name))).toEqual([]);
      const policies = typeof cpu.policy === 'string' ? [cpu.policy] : Object.values(cpu.policy);
      expect(policies.includes('unchecked')).toBe(cpu.accepts !== undefined);
      expect(consoleUart).toBeLessThan(uarts.length);
      const guestNames = uarts.flatMap(({ guestName }) => guestName ?? []);
      expect(new Set(guestNames).size).toBe(guestNames.length);
      if (memory.kind === 'list') expect(memory.sizesMiB).toContain(memory.defaultMiB);
      if (memory.kind === 'range') {
        expect(memory.defaultMiB).toBeLessThanOrEqual(memory.usableMiB ?? memory.maxMiB);
      }
      expect(new Set(boot).size).toBe(boot.length);
      const media = boot.filter((route) => route === 'sd' || route === 'mtd');
      expect(media.filter((bus) => !disks.some((disk) => disk.bus === bus))).toEqual([]);
      if (boot.includes('pflash')) expect(flashMiB).toBeDefined();
    }
    expect(row.summary).toMatch(/\.$/);
    expect(row.profiles.every((profile) => profile !== 'M') || !row.boot.includes('uefi')).toBe(true);
  });

  it.each([
    ['10.0', qemu10],
    ['11.1', qemu11],
  ])('has every machine of QEMU %s', (_version, qemu) => {
    const absent = qemu.machines.filter(
      ({ name }) => name !== 'none' && boardFor(name, qemu)?.listed === false,
    );
    expect(absent.map(({ name }) => name)).toEqual([]);
  });

  it('refuses a row with a misspelt key', () => {
    const [first] = rows;
    expect(boardRow.safeParse(first).success).toBe(true);
    expect(boardRow.safeParse({ ...first, vcpu: 1 }).success).toBe(false);
  });

  it('finds a versioned machine, an alias, and nothing for a stranger', () => {
    expect(unversioned('virt-10.0')).toBe('virt');
    expect(unversioned('ast2600-evb')).toBe('ast2600-evb');
    expect(listedBoard('virt-9.2')?.row.name).toBe('virt');
    expect(listedBoard('amd-versal-virt')?.row.name).toBe('xlnx-versal-virt');
    expect(listedBoard('toaster')).toBeUndefined();
  });
});
