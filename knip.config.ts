// Dead code: what knip cannot see by itself is named here, with its reason.
import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  entry: [
    // electron.vite.config.ts names them; knip has no plugin that reads it.
    'src-main/{main,server,cli}.ts',
    'src-main/desktop/preload.ts',
    'src-renderer/main.tsx',
    // Built by src-main/fixtures.setup.ts, which names them as files.
    'src-main/*.fixture.ts',
    // Each is run by itself.
    'build/scripts/*.ts',
    // Named on the command line of the package script.
    'build/electron-builder.config.ts',
  ],
  project: ['src-main/**/*.ts', 'src-renderer/**/*.{ts,tsx}', 'build/**/*.ts', 'e2e/**/*.ts'],
  // Schemas are parts of larger ones, and types of signatures: exported where they are defined, so that both can be named.
  ignoreExportsUsedInFile: true,
  // Of the system, not of a package.
  ignoreBinaries: [
    'apt-cache',
    'apt-config',
    'apt-get',
    'dpkg',
    'mkfifo',
    'mount',
    'umount',
    'xz',
    'fallocate',
  ],
};

export default config;
