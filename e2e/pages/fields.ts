// Fields of a definition's form, the same in the wizard and on the Hardware tab.
import { expect, type Locator } from '@playwright/test';

export class Fields {
  readonly form: Locator;

  constructor(form: Locator) {
    this.form = form;
  }

  text(label: string): Locator {
    return this.form.getByRole('textbox', { name: label, exact: true });
  }

  /** A drop-down list's button, which is called by its value and its label. */
  select(label: string): Locator {
    return this.form.getByRole('button', { name: new RegExp(`${label}$`) });
  }

  async choose(label: string, option: string): Promise<void> {
    await this.select(label).click();
    const page = this.form.page();
    await page
      .getByRole('option')
      .filter({ has: page.getByText(option, { exact: true }) })
      .click();
    await expect(this.select(label)).toContainText(option);
  }

  /** A number is taken when its field is left. */
  async number(label: string, value: number): Promise<void> {
    const field = this.text(label);
    await field.fill(String(value));
    await field.blur();
  }

  problem(text: string | RegExp): Locator {
    return this.form.getByRole('listitem').filter({ hasText: text });
  }
}
