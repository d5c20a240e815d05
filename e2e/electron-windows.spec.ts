// On Windows, where VMs cannot run yet: a clear message, not a broken start.
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { repository } from './support/electron.ts';
import { makeDirectories, serverEnvironment } from './support/server.ts';

test.skip(process.platform !== 'win32', 'Only Windows is refused.');

test('the command line says what cannot be done, and what can', async () => {
  const directories = await makeDirectories();
  const run = spawnSync(process.execPath, [path.join(repository, 'out/main/cli.js'), 'list'], {
    env: serverEnvironment(directories),
    encoding: 'utf8',
  });
  await rm(directories.root, { recursive: true, force: true });
  expect(run.status).toBe(2);
  expect(run.stderr).toContain('Armoire cannot run virtual machines on Windows yet.');
  expect(run.stderr).toContain('armoire serve');
});
