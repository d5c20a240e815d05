// The machine page: its name and state, its actions, its tabs.
import { expect, type Locator, type Page } from '@playwright/test';
import { goTo } from '../support/route.ts';
import { ConsolePage } from './console.ts';

export type TabName = 'Overview' | 'Console' | 'Snapshots' | 'Hardware' | 'Board' | 'Command' | 'Log';

export class MachinePage {
  readonly page: Page;
  readonly main: Locator;
  readonly name: Locator;
  readonly actions: Locator;
  readonly console: ConsolePage;

  constructor(page: Page) {
    this.page = page;
    this.main = page.getByRole('main');
    this.name = this.main.getByRole('heading', { level: 1 });
    this.actions = this.main.getByRole('toolbar', { name: 'Actions' });
    this.console = new ConsolePage(page);
  }

  async open(id: string, tab: Lowercase<TabName> = 'overview'): Promise<void> {
    await goTo(this.page, `#/vm/${id}/${tab}`);
    await expect(this.name).toBeVisible();
  }

  async is(state: string, timeoutMs = 20_000): Promise<void> {
    const header = this.main.locator('header').filter({ has: this.page.getByRole('heading', { level: 1 }) });
    await expect(header).toContainText(state, { timeout: timeoutMs });
  }

  action(name: string): Locator {
    return this.actions.getByRole('button', { name, exact: true });
  }

  /** An action that stands in the menu only. */
  async more(name: string): Promise<void> {
    await this.action('More actions').click();
    await this.page.getByRole('menuitem', { name }).click();
  }

  async tab(name: TabName): Promise<Locator> {
    await this.page.getByRole('tab', { name }).click();
    return this.page.getByRole('tabpanel', { name });
  }

  /** What is said above the tabs. */
  notice(text: string | RegExp): Locator {
    return this.main.getByRole('alert').or(this.main.getByRole('status')).filter({ hasText: text });
  }

  /** The machine's id, from the page's address. */
  id(): string {
    const [, id] = /#\/vm\/([^/]+)/.exec(this.page.url()) ?? [];
    if (!id) throw new Error(`Not at a machine: ${this.page.url()}`);
    return id;
  }
}
