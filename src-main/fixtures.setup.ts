// Before the integration tests: the programs that they start become plain JavaScript, once. Started from source, each of
// their many starts would take seconds.
import path from 'node:path';
import { build } from 'vite';
import { fixtureDirectory, fixtureNames } from './fixture-program.testing.ts';

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
        input: fixtureNames.map((name) => path.join(import.meta.dirname, `${name}.fixture.ts`)),
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
}
