// The browser mode's entry: plain Node, the same as "armoire serve".
import { runCli } from './cli/program.ts';
import { surroundingsOf } from './cli-surroundings.ts';
import { installationOf } from './installation.ts';

const words = ['serve', ...process.argv.slice(2)];
process.exitCode = await runCli(words, surroundingsOf(installationOf(import.meta.dirname)));
