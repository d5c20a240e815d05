import { appendFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inTemporaryDirectory } from '../lib/temporary.ts';
import { clear, type GuestHold, recoverRotation, rotate } from './console-rotation.ts';
import { ConsoleStore } from './console-store.ts';

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `${from + index}\n`).join('');

/** Everything from an offset on, as a viewer gets it. */
async function readAll(store: ConsoleStore, from = store.start): Promise<string> {
  let offset = from;
  let text = '';
  for (;;) {
    const bytes = await store.read(offset, 1000);
    if (bytes === 'gone' || bytes.length === 0) return text;
    offset += bytes.length;
    text += Buffer.from(bytes).toString();
  }
}

/** A guest that writes until it is stopped, and notes what was asked of it. */
function writingGuest(file: string): GuestHold & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    stop: async () => {
      await appendFile(file, 'just before stop\n');
      asked.push('stop');
    },
    resume: async () => {
      asked.push('resume');
      await appendFile(file, 'after resume\n');
    },
  };
}

async function withStore(work: (store: ConsoleStore, directory: string) => Promise<void>): Promise<void> {
  await inTemporaryDirectory(async (directory) => {
    const store = await ConsoleStore.open(directory, 'uart0');
    try {
      await work(store, directory);
    } finally {
      await store.close();
    }
  });
}

describe('rotate', () => {
  it('moves the output aside, and what comes after it follows without a gap', () =>
    withStore(async (store, directory) => {
      await writeFile(store.liveFile, numbers(0, 100));
      const guest = writingGuest(store.liveFile);
      const before = await store.end();
      await rotate(store, 1_000_000, guest);
      expect(guest.asked).toEqual(['stop', 'resume']);
      expect(await readAll(store)).toBe(`${numbers(0, 100)}just before stop\nafter resume\n`);
      expect(store.start).toBe(0);
      expect(await store.end()).toBe(before + 'just before stop\nafter resume\n'.length);
      expect(await readFile(store.liveFile, 'utf8')).toBe('after resume\n');
      const again = await ConsoleStore.open(directory, 'uart0');
      expect(await readAll(again)).toBe(await readAll(store));
      await again.close();
    }));

  it('drops the oldest part at the second rotation, and offsets go on', () =>
    withStore(async (store, directory) => {
      await writeFile(store.liveFile, 'first ');
      await rotate(store, 1_000_000, null);
      await appendFile(store.liveFile, 'second ');
      await rotate(store, 1_000_000, null);
      await appendFile(store.liveFile, 'third');
      expect(store.start).toBe(6);
      expect(await readAll(store)).toBe('second third');
      expect(await store.read(0, 100)).toBe('gone');
      expect(await readdir(directory)).toHaveLength(3);
    }));

  it('keeps only the newest of a log far beyond the cap', () =>
    withStore(async (store) => {
      await writeFile(store.liveFile, `${'x'.repeat(5_000_000)}the end`);
      await rotate(store, 1000, null);
      expect(await store.end()).toBe(5_000_007);
      expect(store.start).toBe(5_000_007 - 1000);
      expect((await readAll(store)).endsWith('xthe end')).toBe(true);
      expect((await stat(store.olderFile(store.start))).size).toBe(1000);
    }));

  it('leaves everything as it was when the copy cannot be made', () =>
    withStore(async (store, directory) => {
      await writeFile(store.liveFile, 'kept');
      const guest = writingGuest(store.liveFile);
      guest.stop = () => Promise.reject(new Error('QEMU does not answer'));
      await expect(rotate(store, 100, guest)).rejects.toThrow('does not answer');
      expect(await readAll(store)).toBe('kept');
      // The stop may still happen: whoever comes next lets the guest go on.
      await recoverRotation(store, guest);
      expect(guest.asked).toEqual(['resume']);
      expect(store.state.pending).toBeUndefined();
      expect((await readdir(directory)).sort()).toEqual(['uart0.json', 'uart0.log']);
    }));
});

describe('clear', () => {
  it('forgets the output and goes on counting', () =>
    withStore(async (store) => {
      await writeFile(store.liveFile, 'secret');
      await rotate(store, 100, null);
      await appendFile(store.liveFile, 'secret too');
      await clear(store, null);
      expect(store.state.gone).toBe('cleared');
      expect(store.start).toBe(16);
      expect(await readAll(store)).toBe('');
      await appendFile(store.liveFile, 'new');
      expect(await readAll(store)).toBe('new');
    }));
});

describe('a crash in the middle of a rotation', () => {
  /** Runs a rotation that dies at its nth save, as kill -9 would leave it, and goes on as the next manager does. */
  async function crashAt(step: number, directory: string): Promise<{ text: string; asked: string[] }> {
    const dying = await ConsoleStore.open(directory, 'uart0');
    const guest = writingGuest(dying.liveFile);
    let saves = 0;
    const save = dying.save.bind(dying);
    dying.save = async (state, options) => {
      if (saves >= step) throw new Error('killed');
      saves++;
      await save(state, options);
      if (saves === step) throw new Error('killed');
    };
    const { resume } = guest;
    guest.resume = () => (saves >= step ? Promise.reject(new Error('killed')) : resume());
    await rotate(dying, 1_000_000, guest).catch(() => undefined);
    await dying.close();
    const next = await ConsoleStore.open(directory, 'uart0');
    await recoverRotation(next, { ...guest, resume });
    const text = await readAll(next);
    expect(next.state.pending).toBeUndefined();
    await next.close();
    return { text, asked: guest.asked };
  }

  it.each([1, 2, 3, 4])('neither loses nor repeats a byte, and lets the guest go on (step %i)', (step) =>
    inTemporaryDirectory(async (directory) => {
      await writeFile(path.join(directory, 'uart0.log'), numbers(0, 500));
      const { text, asked } = await crashAt(step, directory);
      const written = step === 1 ? numbers(0, 500) : `${numbers(0, 500)}just before stop\n`;
      expect(text.startsWith(written)).toBe(true);
      expect(text.slice(written.length).replaceAll('after resume\n', '')).toBe('');
      expect(asked.at(-1)).toBe('resume');
    }),
  );

  it('does not truncate twice when the guest wrote more than was moved before anyone came back', () =>
    withStore(async (store) => {
      await writeFile(store.liveFile, 'old output');
      const upTo = await store.end();
      await writeFile(store.olderFile(0), 'old output');
      await writeFile(store.liveFile, 'new output, longer than the old');
      const pending = { stage: 'truncating', upTo, from: 0, gone: 'dropped', resume: true } as const;
      await store.save({ ...store.state, pending }, { durable: true });
      await recoverRotation(store, null);
      expect(await readAll(store)).toBe('old outputnew output, longer than the old');
    }));
});
