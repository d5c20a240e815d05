import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inTemporaryDirectory } from '../lib/temporary.ts';
import { Library, type UsableRecord } from './library.ts';
import { definitionWith } from './testing.ts';

async function newLibrary(parent: string): Promise<Library> {
  const directory = path.join(parent, 'library');
  await Library.prepare(directory);
  return Library.open(directory, path.join(parent, 'run'));
}

function make(library: Library, name: string): Promise<UsableRecord> {
  const definition = definitionWith({ name });
  return library.create(definition, async (directory) => {
    await writeFile(path.join(directory, 'firmware', 'sample-virt.elf'), name);
    await writeFile(path.join(directory, 'logs', 'uart0.log'), 'printed');
    return { definition };
  });
}

const vmNames = async (library: Library) =>
  (await readdir(library.directory)).filter((name) => name !== 'uploads').sort();

describe('create', () => {
  it('of an unborn VM is taken back by the next one who opens the library, until it is confirmed', () =>
    inTemporaryDirectory(async (parent) => {
      const library = await newLibrary(parent);
      const run = path.join(parent, 'run');
      const made = async (name: string) => {
        const definition = definitionWith({ name });
        const { id } = await library.create(definition, async () => ({ definition }), { unborn: true });
        await mkdir(path.join(run, id), { recursive: true });
        return id;
      };
      const [born] = [await made('Born'), await made('Unborn')];
      await library.confirm(born);
      const again = await Library.open(library.directory, run);
      expect(again.list().map(({ id }) => id)).toEqual([born]);
      expect(await vmNames(again)).toEqual([born]);
      expect(await readdir(run)).toEqual([born]);
    }));

  it('of nothing is taken back by a file that is called like the mark of an unborn VM', () =>
    inTemporaryDirectory(async (parent) => {
      const library = await newLibrary(parent);
      const { id } = await make(library, 'One');
      await writeFile(path.join(parent, 'beside'), '');
      const strange = ['.unborn-', '.unborn-.', '.unborn-..', '.unborn-uploads'];
      for (const name of strange) await writeFile(path.join(library.directory, name), '');
      const again = await Library.open(library.directory, path.join(parent, 'library', 'run'));
      expect(await vmNames(again)).toEqual([...strange, id].sort());
      expect((await readdir(parent)).sort()).toEqual(['beside', 'library']);
      expect(await readdir(library.directory)).toContain('uploads');
    }));

  it('of an unborn VM that is deleted leaves nothing', () =>
    inTemporaryDirectory(async (parent) => {
      const library = await newLibrary(parent);
      const definition = definitionWith({ name: 'Unborn' });
      const { id } = await library.create(definition, async () => ({ definition }), { unborn: true });
      await library.delete(id, undefined);
      expect(await vmNames(library)).toEqual([]);
    }));

  it('makes a VM that the next one who opens the library finds', () =>
    inTemporaryDirectory(async (parent) => {
      const library = await newLibrary(parent);
      const { id } = await make(library, 'One');
      const again = await Library.open(library.directory, path.join(parent, 'run'));
      expect(again.usable(id).document).toMatchObject({ revision: 1, definition: { name: 'One' } });
      expect((await stat(path.join(library.directory, id))).mode & 0o777).toBe(0o700);
    }));

  it('leaves nothing of a VM that could not be made', () =>
    inTemporaryDirectory(async (parent) => {
      const library = await newLibrary(parent);
      const made = library.create(definitionWith(), async (directory) => {
        await writeFile(path.join(directory, 'disks', 'half'), 'half');
        throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      });
      await expect(made).rejects.toMatchObject({ data: { code: 'disk-full' } });
      expect(await vmNames(library)).toEqual([]);
      expect(library.list()).toEqual([]);
    }));

  it('sweeps away what a crash left of one in the making, and of one on its way out', () =>
    inTemporaryDirectory(async (parent) => {
      const library = await newLibrary(parent);
      const { id } = await make(library, 'Kept');
      await mkdir(path.join(library.directory, '.new-x', 'disks'), { recursive: true });
      await mkdir(path.join(library.directory, '.deleted-y'));
      await Library.open(library.directory, path.join(parent, 'run'));
      expect(await vmNames(library)).toEqual([id]);
    }));
});

describe('damaged VMs', () => {
  it('are kept and shown with the reason, and hide no other', () =>
    inTemporaryDirectory(async (parent) => {
      const library = await newLibrary(parent);
      const sound = await make(library, 'Sound');
      const cases = {
        empty: '',
        half: '{"schemaVersion":1,',
        zeros: '\0'.repeat(100),
        newer: '{"schemaVersion":99}',
      };
      for (const content of Object.values(cases)) {
        const { directory } = await make(library, 'Broken');
        await writeFile(path.join(directory, 'vm.json'), content);
      }
      const gone = await make(library, 'Gone');
      await rename(path.join(gone.directory, 'vm.json'), path.join(gone.directory, 'vm.away'));
      const again = await Library.open(library.directory, path.join(parent, 'run'));
      expect(again.list()).toHaveLength(6);
      expect(again.usable(sound.id).document.definition.name).toBe('Sound');
      const reasons = again.list().flatMap((record) => (record.kind === 'damaged' ? [record.reason] : []));
      expect(reasons.sort()).toEqual([
        'A newer Armoire wrote this VM (format 99; this one knows 2).',
        'The file breaks off in the middle.',
        'The file holds nothing but zero bytes, as after a power failure.',
        'The file is empty.',
        'vm.json is missing.',
      ]);
    }));

  it('are never overwritten, not even when the damage came while Armoire ran', () =>
    inTemporaryDirectory(async (parent) => {
      const library = await newLibrary(parent);
      const { id, directory } = await make(library, 'One');
      await writeFile(path.join(directory, 'vm.json'), 'damaged by hand');
      await expect(library.edit(id, 1, (definition) => definition)).rejects.toMatchObject({
        data: { code: 'damaged' },
      });
      expect(await readFile(path.join(directory, 'vm.json'), 'utf8')).toBe('damaged by hand');
      expect(library.get(id).kind).toBe('damaged');
    }));

  it('can be deleted', () =>
    inTemporaryDirectory(async (parent) => {
      const library = await newLibrary(parent);
      const { id, directory } = await make(library, 'One');
      await writeFile(path.join(directory, 'vm.json'), '');
      const again = await Library.open(library.directory, path.join(parent, 'run'));
      await again.delete(id, undefined);
      expect(await vmNames(library)).toEqual([]);
    }));
});

describe('edit', () => {
  it('lets the first of two editors win and tells the second', () =>
    inTemporaryDirectory(async (parent) => {
      const library = await newLibrary(parent);
      const { id } = await make(library, 'One');
      const results = await Promise.allSettled([
        library.edit(id, 1, (definition) => ({ ...definition, memoryMiB: 256 })),
        library.edit(id, 1, (definition) => ({ ...definition, memoryMiB: 512 })),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
      expect(results[1]).toMatchObject({ reason: { data: { code: 'conflict' } } });
      expect(
        (await Library.open(library.directory, path.join(parent, 'run'))).usable(id).document,
      ).toMatchObject({
        revision: 2,
        definition: { memoryMiB: 256 },
      });
    }));

  it('tells of a change that was made by hand, and shows it', () =>
    inTemporaryDirectory(async (parent) => {
      const library = await newLibrary(parent);
      const { id, directory } = await make(library, 'One');
      const file = path.join(directory, 'vm.json');
      await writeFile(file, (await readFile(file, 'utf8')).replace('"One"', '"By hand"'));
      await expect(library.edit(id, 1, (definition) => definition)).rejects.toMatchObject({
        data: { code: 'conflict' },
      });
      expect(library.usable(id).document.definition.name).toBe('By hand');
    }));
});

describe('delete', () => {
  it('names what goes, and hands it to the trash where there is one', () =>
    inTemporaryDirectory(async (parent) => {
      const library = await newLibrary(parent);
      const { id, directory } = await make(library, 'One');
      const contents = await library.contents(id);
      expect(contents.directory).toBe(directory);
      expect(contents.files).toEqual(['firmware/sample-virt.elf', 'logs/uart0.log', 'vm.json']);
      expect(contents.bytes).toBeGreaterThan(0);
      const trash = path.join(parent, 'trash');
      await library.delete(id, (place) => rename(place, trash));
      expect(await readdir(trash)).toContain('vm.json');
      expect(() => library.get(id)).toThrow('not in the library');
    }));

  it('keeps the VM when the trash refuses it', () =>
    inTemporaryDirectory(async (parent) => {
      const library = await newLibrary(parent);
      const { id } = await make(library, 'One');
      await expect(library.delete(id, () => Promise.reject(new Error('no trash')))).rejects.toThrow(
        'no trash',
      );
      expect(library.usable(id).document.definition.name).toBe('One');
      expect(await vmNames(library)).toEqual([id]);
    }));
});

it('opens a library of 1,000 VMs', { timeout: 60_000 }, () =>
  inTemporaryDirectory(async (parent) => {
    const library = await newLibrary(parent);
    const { directory } = await make(library, 'One');
    const text = await readFile(path.join(directory, 'vm.json'), 'utf8');
    for (let index = 0; index < 999; index++) {
      const id = `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
      await mkdir(path.join(library.directory, id));
      await writeFile(path.join(library.directory, id, 'vm.json'), text);
    }
    const again = await Library.open(library.directory, path.join(parent, 'run'));
    expect(again.list()).toHaveLength(1000);
  }),
);
