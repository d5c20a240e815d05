// The file that remembers the windows survives damage.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readWindowStates, writeWindowStates } from './window-state.ts';

let file: string;

beforeEach(async () => {
  file = path.join(await mkdtemp(path.join(tmpdir(), 'armoire-windows-')), 'windows.json');
});

afterEach(() => rm(path.dirname(file), { recursive: true, force: true }));

it('keeps what it is given', async () => {
  const states = { main: { bounds: { x: -5, y: 0, width: 800, height: 600 }, maximised: true } };
  await writeWindowStates(file, states);
  expect(await readWindowStates(file)).toEqual(states);
});

it.each(['', '{', 'null', '{"main":{"bounds":{"x":0,"y":0,"width":0,"height":1e99},"maximised":true}}'])(
  'starts afresh from %j',
  async (text) => {
    await writeFile(file, text);
    expect(await readWindowStates(file)).toEqual({});
  },
);

it('starts afresh from nothing', async () => {
  expect(await readWindowStates(file)).toEqual({});
});
