// How the desktop app is packed for each system, and what the packed Electron refuses to do.
import type { Configuration } from 'electron-builder';

// biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills these in
const bundlePlace = 'qemu/${platform}-${arch}';

const config: Configuration = {
  appId: 'io.github.armoire-vm.armoire',
  productName: 'Armoire',
  copyright: 'Copyright © The Armoire developers',
  directories: { output: 'dist', buildResources: 'build' },
  // Every dependency is bundled into out/ (electron.vite.config.ts): no node_modules travel along.
  files: ['out/**', 'package.json', 'LICENSE', '!**/*.map', '!node_modules'],
  asar: true,
  npmRebuild: false,
  extraResources: [
    // QEMU cannot be run from inside of an archive; a build without a bundle uses the system's QEMU.
    { from: `resources/${bundlePlace}`, to: bundlePlace },
    { from: 'resources/sample', to: 'sample' },
    { from: 'resources/boards/device-trees', to: 'boards/device-trees' },
  ],
  // https://www.electronjs.org/docs/latest/tutorial/fuses
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  linux: {
    executableName: 'armoire',
    category: 'System;Emulator',
    synopsis: 'Virtual machines with ARM processors',
    description: 'Keeps a library of ARM virtual machines and runs them on QEMU.',
    // A .deb names someone to write to; the project has no address of its own yet.
    maintainer: 'The Armoire developers <armoire@example.invalid>',
    target: ['AppImage', 'deb'],
  },
  extraMetadata: { homepage: 'https://example.invalid/armoire' },
  mac: {
    category: 'public.app-category.developer-tools',
    hardenedRuntime: true,
    entitlements: 'build/entitlements.mac.plist',
    entitlementsInherit: 'build/entitlements.mac.plist',
    target: ['dmg'],
  },
  win: { target: ['nsis'] },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
};

export default config;
