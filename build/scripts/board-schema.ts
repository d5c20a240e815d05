// Writes the JSON schemas by which editors complete and check resources/boards/*.json, from the zod schemas of boards/row.ts.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { boardSchemas } from '../../src-main/boards/row.ts';
import { repoRoot } from './paths.ts';
import { isProgram, runScript, say } from './script.ts';

async function main(): Promise<void> {
  const directory = path.join(repoRoot, 'resources', 'boards');
  for (const [name, schema] of Object.entries(boardSchemas())) {
    const file = path.join(directory, name);
    await writeFile(file, JSON.stringify(schema, null, 2));
    say(path.relative(repoRoot, file));
  }
  await execa('npx', ['biome', 'format', '--write', directory], { cwd: repoRoot, stdio: 'inherit' });
}

if (isProgram(import.meta.url)) await runScript(main);
