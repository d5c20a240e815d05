#!/usr/bin/env node
// The command line's entry: plain Node.
import { runCli } from './cli/program.ts';
import { surroundingsOf } from './cli-surroundings.ts';
import { installationOf } from './installation.ts';

process.exitCode = await runCli(process.argv.slice(2), surroundingsOf(installationOf(import.meta.dirname)));
