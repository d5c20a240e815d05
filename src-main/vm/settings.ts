// The user's settings: one small file, put aside when damaged, told to whoever listens.
import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../contract/fault.ts';
import { type Settings, settings as settingsSchema } from '../contract/host.ts';
import { atomicWrite } from '../lib/atomic-write.ts';
import { errnoOf, unlessMissing } from '../lib/errno.ts';
import { Feed } from '../lib/feed.ts';
import { makePrivateDirectory } from '../lib/private-directory.ts';
import { createSerial } from '../lib/serial.ts';
import { storing } from './storage-fault.ts';

export const settingsFile = 'settings.json';

export const defaultSettings: Settings = {
  qemuOrder: 'bundled-first',
  qemuPath: null,
  theme: 'system',
  onQuit: 'ask',
  consoleFontSize: 14,
  consoleCapMiB: 64,
  shutdownWaitSeconds: 30,
  confirmPaste: true,
};

export class SettingsStore {
  readonly changes = new Feed<Settings>();
  private readonly file: string;
  private readonly inTurn = createSerial();
  private value: Settings;

  private constructor(file: string, value: Settings) {
    this.file = file;
    this.value = value;
  }

  /** A damaged file is renamed to `settings.json.damaged-…`, and the defaults apply. */
  static async open(configDirectory: string): Promise<SettingsStore> {
    const file = path.join(configDirectory, settingsFile);
    const text = await unlessMissing(readFile(file, 'utf8'));
    if (text === undefined) return new SettingsStore(file, defaultSettings);
    const parsed = parseSettings(text);
    if (parsed) return new SettingsStore(file, parsed);
    await rename(file, `${file}.damaged-${Date.now()}`).catch((error: unknown) => {
      // A read-only configuration: the defaults apply all the same, and nothing overwrites the file.
      if (errnoOf(error) === undefined) throw error;
    });
    return new SettingsStore(file, defaultSettings);
  }

  get current(): Settings {
    return this.value;
  }

  /** Throws Fault `bad-input`, `disk-full`, `library-unwritable`; then nothing has changed. */
  save(change: Partial<Settings>): Promise<Settings> {
    return this.inTurn(async () => {
      const next = settingsSchema.safeParse({ ...this.value, ...change });
      if (!next.success) {
        throw new Fault({
          code: 'bad-input',
          message: `The settings were not saved: ${next.error.issues[0]?.message ?? 'a value is not valid'}`,
          remedy: 'Correct the value and save again.',
        });
      }
      const directory = path.dirname(this.file);
      await storing('saving the settings', directory, async () => {
        await makePrivateDirectory(directory);
        await atomicWrite(this.file, `${JSON.stringify(next.data, null, 2)}\n`);
      });
      this.value = next.data;
      this.changes.publish(next.data);
      return next.data;
    });
  }
}

/** A setting that an older Armoire did not have gets its default. */
function parseSettings(text: string): Settings | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return settingsSchema.parse({ ...defaultSettings, ...value });
  } catch {
    return undefined;
  }
}
