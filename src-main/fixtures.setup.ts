// Before the integration tests: the programs that they start become plain JavaScript, once. Started from source, each of
// their many starts would take seconds.
import path from 'node:path';
import { build } from 'vite';
import { fixtureDirectory } from './fixture-program.testing.ts';

const programs = ['app-manager.fixture.ts', 'cli-program.fixture.ts'];

export async function setup(): Promise<void> {
  await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'warn',
    // They find the repository from where their source lies.
    define: { 'import.meta.dirname': JSON.stringify(import.meta.dirname) },
    build: {
      ssr: true,
      outDir: fixtureDirectory,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: {
        input: programs.map((name) => path.join(import.meta.dirname, name)),
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
}
