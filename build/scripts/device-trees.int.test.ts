// The compiled device trees that ship with Armoire are what their sources say.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDeviceTree } from '../../src-main/boards/device-tree.ts';
import {
  compileDeviceTree,
  compiledFile,
  deviceTreeSources,
  findCompiler,
  sameTree,
} from './device-trees.ts';

const compiler = await findCompiler().catch((error: unknown) => {
  process.stderr.write(
    `Device trees are not compiled anew: ${error instanceof Error ? error.message : error}\n`,
  );
  return null;
});
const sources = await deviceTreeSources();

describe('the shipped device trees', () => {
  it('are there, small, and can be read', async () => {
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) {
      const bytes = await readFile(compiledFile(source));
      expect(bytes.length).toBeLessThan(64 * 1024);
      expect(readDeviceTree(bytes).root.children.length).toBeGreaterThan(3);
    }
  });

  it.runIf(compiler !== null).each(sources.map((source) => [path.basename(source), source] as const))(
    '%s compiles without a warning, to what is committed',
    async (_name, source) => {
      if (compiler === null) return;
      const fresh = await compileDeviceTree(compiler, source);
      expect(sameTree(fresh, await readFile(compiledFile(source)))).toBe(true);
    },
  );
});
