// Where the repository is, and where the scripts put what they stage; every staged path starts here.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const repoRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Everything a script fetches or makes for tests; ignored by git, safe to delete. */
export const stageDir = path.join(repoRoot, '.stage');

/** Downloaded .deb files, kept so that staging again needs no network. */
export const debsDir = path.join(stageDir, 'debs');

export const reportsDir = path.join(stageDir, 'reports');

export const guestsDir = path.join(stageDir, 'guests');

/** The bundle that the app looks for first and that the packaged app ships. */
export const qemuBundleDir = path.join(repoRoot, 'resources', 'qemu', `${process.platform}-${process.arch}`);
