import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inTemporaryDirectory } from '../lib/temporary.ts';
import { defaultSettings, SettingsStore } from './settings.ts';

describe('settings', () => {
  it('are the defaults until something is saved, and told to listeners then', () =>
    inTemporaryDirectory(async (directory) => {
      const config = path.join(directory, 'config');
      const store = await SettingsStore.open(config);
      expect(store.current).toEqual(defaultSettings);
      const told: unknown[] = [];
      store.changes.subscribe((settings) => told.push(settings.theme));
      await store.save({ theme: 'dark' });
      expect(told).toEqual(['dark']);
      expect((await SettingsStore.open(config)).current).toEqual({ ...defaultSettings, theme: 'dark' });
    }));

  it('refuse what is not valid and stay as they were', () =>
    inTemporaryDirectory(async (directory) => {
      const store = await SettingsStore.open(directory);
      await expect(store.save({ consoleFontSize: 4000 })).rejects.toMatchObject({
        data: { code: 'bad-input' },
      });
      expect(store.current).toEqual(defaultSettings);
      expect(await readdir(directory)).toEqual([]);
    }));

  it('keep both of two changes made at once', () =>
    inTemporaryDirectory(async (directory) => {
      const store = await SettingsStore.open(directory);
      await Promise.all([store.save({ theme: 'light' }), store.save({ consoleCapMiB: 7 })]);
      expect((await SettingsStore.open(directory)).current).toMatchObject({
        theme: 'light',
        consoleCapMiB: 7,
      });
    }));

  it('put a damaged file aside and name it', () =>
    inTemporaryDirectory(async (directory) => {
      await mkdir(directory, { recursive: true });
      await writeFile(path.join(directory, 'settings.json'), '{"theme":');
      const store = await SettingsStore.open(directory);
      expect(store.current).toEqual(defaultSettings);
      const [aside] = await readdir(directory);
      expect(aside).toMatch(/^settings\.json\.damaged-\d+$/);
      expect(await readFile(path.join(directory, aside ?? ''), 'utf8')).toBe('{"theme":');
    }));

  it('give a setting that an older Armoire did not know its default', () =>
    inTemporaryDirectory(async (directory) => {
      await writeFile(path.join(directory, 'settings.json'), '{"theme":"dark"}');
      expect((await SettingsStore.open(directory)).current).toEqual({ ...defaultSettings, theme: 'dark' });
    }));
});
