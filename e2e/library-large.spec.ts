// A library of a thousand machines works as one of a few: all are there, found, and reached by keys.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LibraryPage } from './pages/library.ts';
import { MachinePage } from './pages/machine.ts';
import { type Armoire, expect, test } from './support/fixtures.ts';
import { makeSample } from './support/guest.ts';

const count = 1000;

async function fillLibrary({ directories }: Armoire, template: string): Promise<void> {
  const document = JSON.parse(await readFile(join(directories.library, template, 'vm.json'), 'utf8'));
  for (let number = 1; number < count; number++) {
    const directory = join(directories.library, randomUUID());
    await mkdir(directory);
    const definition = { ...document.definition, name: `node-${number}` };
    await writeFile(join(directory, 'vm.json'), JSON.stringify({ ...document, definition }));
  }
}

test.use({ expectedErrors: /WebSocket connection to|Failed to load resource/ });

test('a thousand machines are listed, searched and walked through', async ({ loggedIn: page, armoire }) => {
  const { id } = await makeSample(await armoire.client(), { name: 'a first one' });
  await armoire.server().stop();
  await fillLibrary(armoire, id);
  await armoire.restart();
  await armoire.logIn(page);

  const library = new LibraryPage(page);
  const machine = new MachinePage(page);
  await expect(library.row('a first one')).toHaveAttribute('aria-setsize', String(count));
  // Only what is in view is in the page.
  expect(await library.list.getByRole('option').count()).toBeLessThan(100);

  await library.list.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(machine.name).toHaveText('node-999');
  await expect(library.row(/^node-999/)).toBeInViewport();
  await library.list.focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(machine.name).toHaveText('node-998');
  await library.list.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('PageDown');
  await page.keyboard.press('Enter');
  await expect(machine.name).toHaveText(/^node-\d+$/);

  await library.search.fill('node-77');
  await expect(library.list.getByRole('option')).toHaveCount(11);
  await page.keyboard.press('Enter');
  await expect(machine.name).toHaveText('node-77');
});
