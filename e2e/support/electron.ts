// Starts the built desktop app in directories of its own.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { _electron, type ElectronApplication } from '@playwright/test';
import { type ServerDirectories, serverEnvironment } from './server.ts';

export const repository = path.resolve(import.meta.dirname, '../..');
const electronPackage = path.join(repository, 'node_modules/electron');

/** Electron's program; undefined where its runtime was not downloaded (npm ci does not). */
export function electronBinary(): string | undefined {
  const pathFile = path.join(electronPackage, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const program = path.join(electronPackage, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(program) ? program : undefined;
}

/** Chromium's sandbox refuses to work for root, which is who runs in a container. */
export function electronArguments(): string[] {
  return [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), repository];
}

export function launchDesktop(binary: string, directories: ServerDirectories): Promise<ElectronApplication> {
  return _electron.launch({
    executablePath: binary,
    args: electronArguments(),
    env: stringsOf(serverEnvironment(directories)),
  });
}

function stringsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
