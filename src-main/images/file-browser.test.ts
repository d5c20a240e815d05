import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inTemporaryDirectory } from '../lib/temporary.ts';
import { FileBrowser } from './file-browser.ts';

/** home/ (allowed) and outside/ (not), with links between them. */
async function withFiles(work: (browser: FileBrowser, home: string, outside: string) => Promise<void>) {
  await inTemporaryDirectory(async (parent) => {
    const home = path.join(parent, 'home');
    const outside = path.join(parent, 'outside');
    await mkdir(path.join(home, 'images'), { recursive: true });
    await mkdir(outside);
    await writeFile(path.join(home, 'b.iso'), 'iso');
    await writeFile(path.join(home, 'images', 'a.qcow2'), 'image');
    await writeFile(path.join(outside, 'secret'), 'secret');
    await symlink(path.join(home, 'images', 'a.qcow2'), path.join(home, 'link-inside'));
    await symlink(path.join(outside, 'secret'), path.join(home, 'link-outside'));
    await symlink(outside, path.join(home, 'directory-outside'));
    await symlink('nowhere', path.join(home, 'dangling'));
    await writeFile(path.join(home, '.hidden'), '');
    execFileSync('mkfifo', [path.join(home, 'pipe')]);
    const browser = new FileBrowser([
      { label: 'Home', path: home },
      { label: 'Gone', path: path.join(parent, 'gone') },
    ]);
    await work(browser, home, outside);
  });
}

const refusal = (code: string) => ({ data: { code } });

describe('list', () => {
  it('shows directories first, then files, hidden ones last; no pipes, no links that lead out', () =>
    withFiles(async (browser, home) => {
      const listing = await browser.list(null);
      expect(listing).toMatchObject({
        path: home,
        parent: null,
        truncated: false,
        roots: [{ label: 'Home', path: home }],
      });
      expect(listing.entries.map(({ name, kind }) => [name, kind])).toEqual([
        ['images', 'directory'],
        ['b.iso', 'file'],
        ['link-inside', 'file'],
        ['.hidden', 'file'],
      ]);
    }));

  it('leads down and up again, and not above the root', () =>
    withFiles(async (browser, home) => {
      const listing = await browser.list(path.join(home, 'images'));
      expect(listing.parent).toBe(home);
      expect(listing.entries[0]).toMatchObject({ name: 'a.qcow2', sizeBytes: 5 });
      await expect(browser.list(path.dirname(home))).rejects.toMatchObject(refusal('not-permitted'));
    }));

  it('says so when the place is a file', () =>
    withFiles(async (browser, home) => {
      await expect(browser.list(path.join(home, 'b.iso'))).rejects.toMatchObject(refusal('file-unusable'));
    }));
});

describe('resolve', () => {
  it.each([
    ['a file outside', (_: string, outside: string) => path.join(outside, 'secret')],
    ['dots that lead outside', (home: string) => `${home}/images/../../outside/secret`],
    ['a link that leads outside', (home: string) => path.join(home, 'link-outside')],
    ['a directory link that leads outside', (home: string) => path.join(home, 'directory-outside', 'secret')],
    ['a missing file behind such a link', (home: string) => path.join(home, 'directory-outside', 'new')],
    ['a name that only begins like the root', (home: string) => `${home}-other/file`],
    ['a missing file outside', (_: string, outside: string) => path.join(outside, 'none')],
  ])('refuses %s', (_, place) =>
    withFiles(async (browser, home, outside) => {
      await expect(browser.resolve(place(home, outside))).rejects.toMatchObject(refusal('not-permitted'));
    }),
  );

  it('gives the real path of what is inside, and says when it is not there', () =>
    withFiles(async (browser, home) => {
      expect(await browser.resolve(path.join(home, 'link-inside'))).toBe(
        path.join(home, 'images', 'a.qcow2'),
      );
      await expect(browser.resolve(path.join(home, 'none'))).rejects.toMatchObject(refusal('file-unusable'));
      expect(await browser.requireInside(path.join(home, 'none'))).toBeUndefined();
    }));
});
