// The command line from source as a program of its own, for tests of scripts that call it.
import path from 'node:path';
import { runCli } from './cli/program.ts';
import { surroundingsOf } from './cli-surroundings.ts';

const root = path.resolve(import.meta.dirname, '..');
const around = surroundingsOf({
  version: 'test',
  resourcesDir: path.join(root, 'resources'),
  rendererDir: path.join(root, 'out/renderer'),
  preload: path.join(root, 'out/preload/preload.cjs'),
});
process.exitCode = await runCli(process.argv.slice(2), around);
