// The wizard, from what to run to a machine that does.
import { expect, type Locator, type Page } from '@playwright/test';

export type Source =
  | 'Sample'
  | 'Linux kernel'
  | 'Firmware or bare metal'
  | 'Install from ISO'
  | 'Existing disk';

export class WizardPage {
  readonly page: Page;
  readonly form: Locator;
  readonly createAndStart: Locator;
  readonly create: Locator;
  readonly next: Locator;

  constructor(page: Page) {
    this.page = page;
    this.form = page.getByRole('form', { name: 'New machine' });
    this.createAndStart = this.form.getByRole('button', { name: 'Create and start' });
    this.create = this.form.getByRole('button', { name: 'Create', exact: true });
    this.next = this.form.getByRole('button', { name: 'Next' });
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Library' }).getByRole('button', { name: 'New' }).click();
    await this.isAt('What do you want to run?');
  }

  async isAt(title: string): Promise<void> {
    await expect(this.form.getByRole('heading', { level: 1, name: title })).toBeVisible();
  }

  async choose(source: Source): Promise<void> {
    await this.pick(source);
  }

  /** One of the choices, by how its label begins. */
  async pick(label: string): Promise<void> {
    // The radio itself is hidden behind its card; a person clicks the words.
    await this.form.getByText(label, { exact: true }).first().click();
    await expect(this.form.getByRole('radio', { name: label }).first()).toBeChecked();
  }

  field(label: string): Locator {
    return this.form.getByRole('textbox', { name: label, exact: true });
  }

  async go(title: string): Promise<void> {
    await this.next.click();
    await this.isAt(title);
  }

  /** On the last page: QEMU itself agreed. */
  async isProven(): Promise<void> {
    await expect(
      this.form.getByRole('status').filter({ hasText: 'QEMU was started with this machine' }),
    ).toBeVisible({
      timeout: 60_000,
    });
  }
}
