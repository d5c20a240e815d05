// What this computer lacks: QEMU missing, too old or broken, too little memory, a library that someone else has.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { repoRoot } from '../build/scripts/paths.ts';
import { Fields } from './pages/fields.ts';
import { MachinePage } from './pages/machine.ts';
import { WizardPage } from './pages/wizard.ts';
import { expect, test } from './support/fixtures.ts';
import { samplePrompt } from './support/guest.ts';
import { makeDirectories, serverEnvironment, startServer } from './support/server.ts';

/** A stand-in for a QEMU of long ago, which no test machine can be expected to have. */
const oldQemu = `#!/bin/sh
# Stand-in for a QEMU that is too old: says its version when asked for it or over QMP, and can do nothing else.
if [ "$1" = --version ]; then
  echo 'QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)'
  exit
fi
echo '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian 1:7.2+dfsg-7"}, "capabilities": []}}'
while read -r command; do
  echo "$command" | sed 's/.*"id": *\\([^,}]*\\).*/{"return": {}, "id": \\1}/'
done
`;

async function useBinary(page: Page, path: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'A binary of your own' });
  await field.fill(path);
  await page.getByRole('button', { name: path === '' ? 'Let Armoire look' : 'Use this binary' }).click();
}

test('QEMU that is missing or too old is told with a remedy, and its return is noticed', async ({
  loggedIn: page,
  armoire,
}) => {
  const { home } = armoire.directories;
  const library = page.getByRole('navigation', { name: 'Library' });
  await library.getByRole('button', { name: 'Settings' }).click();
  await test.step('missing', async () => {
    await useBinary(page, join(home, 'no-qemu'));
    await expect(page.getByRole('alert')).toContainText(`There is no program at ${join(home, 'no-qemu')}`);
    await expect(page.getByRole('alert')).toContainText('Correct the path in the settings');
    await expect(library).toContainText('No usable QEMU');
  });
  await test.step('too old', async () => {
    const old = join(home, 'old-qemu');
    await writeFile(old, oldQemu);
    await chmod(old, 0o755);
    await useBinary(page, old);
    await expect(page.getByRole('alert')).toContainText('is version 7.2.22');
    await expect(page.getByRole('alert')).toContainText('Armoire needs 8.2 or newer');
    await page
      .getByRole('button', { name: /^Use the (bundled QEMU|QEMU of this system) \(\d+\.\d+\.\d+\)$/ })
      .click();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect(library).toContainText(/QEMU \d+\.\d+\.\d+/);
  });
  await test.step('not QEMU at all', async () => {
    const other = join(home, 'other');
    await writeFile(other, '#!/bin/sh\necho hello\n');
    await chmod(other, 0o755);
    await useBinary(page, other);
    await expect(page.getByRole('alert')).toContainText('does not answer as QEMU does');
  });
  await test.step('the empty library says so too', async () => {
    await page.getByRole('link', { name: 'Armoire' }).click();
    await expect(page.getByRole('alert')).toContainText('does not answer as QEMU does');
    await expect(page.getByRole('button', { name: 'Create and start' })).toBeDisabled();
    await page.getByRole('link', { name: 'QEMU settings' }).click();
  });
  await useBinary(page, '');
  await expect(library).toContainText(/QEMU \d+\.\d+\.\d+/);
  await page.getByRole('link', { name: 'Armoire' }).click();
  await page.getByRole('button', { name: 'Create and start' }).click();
  await new MachinePage(page).console.shows(samplePrompt);
});

test('more memory than this computer has is refused, with a size that it has', async ({ loggedIn: page }) => {
  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.choose('Sample');
  await wizard.go('Hardware');
  const fields = new Fields(wizard.form);
  await fields.number('Memory', 900_000);
  const problem = fields.problem('This computer has');
  await expect(problem).toBeVisible();
  await expect(wizard.createAndStart).toBeDisabled();
  await problem.getByRole('button').click();
  await expect(problem).toBeHidden();
  await expect(wizard.createAndStart).toBeEnabled();
});

test('a second server on the same library hands out a way into the first', async ({ armoire, page }) => {
  const second = spawn(process.execPath, [join(repoRoot, 'out/main/server.js'), '--port', '0'], {
    env: serverEnvironment(armoire.directories),
  });
  let said = '';
  second.stdout.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const [code] = await once(second, 'exit');
  expect(code).toBe(0);
  const [link = ''] = /http\S+/.exec(said) ?? [];
  expect(new URL(link).origin).toBe(armoire.server().origin);
  await page.goto(link);
  await expect(page.getByRole('navigation', { name: 'Library' })).toBeVisible();
});

test('a library that cannot be one ends the start with a reason', async () => {
  const directories = await makeDirectories();
  await rm(directories.library, { recursive: true });
  await writeFile(directories.library, 'a file');
  try {
    await expect(startServer({ directories })).rejects.toThrow(
      /cannot be used as the library[\s\S]*ARMOIRE_LIBRARY/,
    );
  } finally {
    await rm(directories.root, { recursive: true });
  }
});
