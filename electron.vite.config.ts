// How the app is built: three Node entries, one sandboxed preload, one renderer.
import { chmodSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin, Rolldown } from 'vite';

const root = import.meta.dirname;
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };

/** Entries that plain Node runs: none of their chunks may load electron. */
const nodeEntries = ['server', 'cli'];

export default defineConfig({
  main: {
    plugins: [onlyMainLoadsElectron(), executable('cli.js')],
    define: { __ARMOIRE_VERSION__: JSON.stringify(version) },
    build: {
      outDir: path.join(root, 'out/main'),
      // The oldest Node that runs the server and the command line; Electron's own is newer.
      target: 'node20.19',
      // Everything but electron is bundled: the package then ships no node_modules.
      externalizeDeps: false,
      sourcemap: true,
      rolldownOptions: {
        input: {
          main: path.join(root, 'src-main/main.ts'),
          server: path.join(root, 'src-main/server.ts'),
          cli: path.join(root, 'src-main/cli.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: path.join(root, 'out/preload'),
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: path.join(root, 'src-main/desktop/preload.ts') },
        // A sandboxed preload script is loaded as one CommonJS file:
        // https://www.electronjs.org/docs/latest/tutorial/esm#sandboxed-preload-scripts-cant-use-esm-imports
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: path.join(root, 'src-renderer'),
    plugins: [react()],
    build: {
      outDir: path.join(root, 'out/renderer'),
      minify: true,
      sourcemap: false,
      // Inlined assets would be data: URLs, which the content security policy refuses for fonts and scripts.
      assetsInlineLimit: 0,
      // Read from the local disk, or over the loopback: one file is quicker than many.
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { input: path.join(root, 'src-renderer/index.html') },
    },
  },
});

/** Fails the build when a Node entry reaches electron, or a package that was not bundled. */
function onlyMainLoadsElectron(): Plugin {
  return {
    name: 'armoire:only-main-loads-electron',
    generateBundle(_options, bundle) {
      for (const entry of nodeEntries) {
        const reached = reachableImports(`${entry}.js`, bundle);
        const foreign = [...reached].filter((id) => !(id in bundle) && !isBuiltin(id));
        if (foreign.length > 0)
          this.error(`${entry}.js runs on plain Node and must not load ${foreign.join(', ')}.`);
      }
    },
  };
}

function reachableImports(
  fileName: string,
  bundle: Rolldown.OutputBundle,
  seen = new Set<string>(),
): Set<string> {
  if (seen.has(fileName)) return seen;
  seen.add(fileName);
  const chunk = bundle[fileName];
  if (chunk?.type === 'chunk') {
    for (const id of [...chunk.imports, ...chunk.dynamicImports]) reachableImports(id, bundle, seen);
  }
  return seen;
}

function executable(fileName: string): Plugin {
  return {
    name: 'armoire:executable',
    writeBundle(options) {
      chmodSync(path.join(options.dir ?? '', fileName), 0o755);
    },
  };
}
