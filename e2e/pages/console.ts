// The Console tab or window: the guest's screen and the bar over it.
import { expect, type Locator, type Page } from '@playwright/test';

export class ConsolePage {
  readonly page: Page;
  readonly region: Locator;
  /** What of the guest's output is in view. */
  readonly screen: Locator;
  readonly input: Locator;

  constructor(page: Page) {
    this.page = page;
    this.region = page.getByRole('region', { name: 'Console', exact: true });
    this.screen = this.region.locator('.xterm-rows');
    this.input = this.region.getByRole('textbox', { name: 'Terminal input' });
  }

  /** The lines in view, without the blanks at their ends. */
  async lines(): Promise<string[]> {
    const rows = await this.screen.locator('> div').allTextContents();
    return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd());
  }

  /** Waits for the text among the lines in view; `^` and `$` of a pattern are a line's. */
  async shows(text: string | RegExp, timeoutMs = 20_000): Promise<void> {
    const pattern =
      typeof text === 'string' ? undefined : new RegExp(text, `${text.flags.replace('m', '')}m`);
    const seen = async () => {
      const view = (await this.lines()).join('\n');
      return (pattern ? pattern.test(view) : view.includes(String(text).trimEnd())) ? 'shown' : view;
    };
    await expect
      .poll(seen, { message: `The console shows ${text}`, timeout: timeoutMs, intervals: [100] })
      .toBe('shown');
  }

  async isLive(): Promise<void> {
    await expect(this.region).toHaveAttribute('data-console-state', 'live');
  }

  /** Types as a person would: into the terminal, with Enter at the end. */
  async run(line: string): Promise<void> {
    await this.input.focus();
    await this.page.keyboard.type(line);
    await this.page.keyboard.press('Enter');
  }

  button(name: string): Locator {
    return this.region.getByRole('toolbar', { name: 'Console' }).getByRole('button', { name });
  }

  /** An entry of the bar's menu. */
  async more(entry: string): Promise<void> {
    await this.button('More').click();
    await this.page.getByRole('menuitem', { name: entry }).click();
  }

  /** Pastes by the browser's own paste event, as Ctrl+Shift+V makes one. */
  async paste(text: string): Promise<void> {
    await this.input.evaluate((element, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }
}
