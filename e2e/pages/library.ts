// The library: the list of machines, its search, and the dialogs that act on one of them.
import type { Locator, Page } from '@playwright/test';

export class LibraryPage {
  readonly page: Page;
  readonly side: Locator;
  readonly list: Locator;
  readonly search: Locator;

  constructor(page: Page) {
    this.page = page;
    this.side = page.getByRole('navigation', { name: 'Library' });
    this.list = this.side.getByRole('listbox', { name: 'Virtual machines' });
    this.search = this.side.getByRole('searchbox', { name: 'Search virtual machines' });
  }

  row(text: string | RegExp): Locator {
    return this.list.getByRole('option').filter({ hasText: text });
  }

  /** Opens the row's menu and takes an entry of it. */
  async act(row: string | RegExp, entry: string): Promise<void> {
    await this.row(row).click({ button: 'right' });
    await this.page.getByRole('menuitem', { name: entry }).click();
  }

  dialog(title: string | RegExp): Locator {
    return this.page
      .getByRole('dialog', { name: title })
      .or(this.page.getByRole('alertdialog', { name: title }));
  }
}
