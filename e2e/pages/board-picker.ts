// The board of a machine, and the dialog in which another one is chosen.
import type { Locator, Page } from '@playwright/test';

export class BoardPicker {
  readonly page: Page;
  readonly current: Locator;
  readonly dialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.current = page.getByRole('main').getByRole('region', { name: 'Board', exact: true });
    this.dialog = page.getByRole('dialog', { name: 'Choose a board' });
  }

  /** `name`: QEMU's, such as `raspi3b`. */
  async use(name: string): Promise<void> {
    await this.current.getByRole('button', { name: 'Change board…' }).click();
    await this.dialog.getByRole('searchbox', { name: 'Search boards' }).fill(name);
    await this.dialog.getByText(name, { exact: true }).first().click();
    await this.dialog.getByRole('button', { name: `Use ${name}` }).click();
  }
}
