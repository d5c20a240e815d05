// The Snapshots tab: the tree, what is shown of the one that is chosen, and the dialogs that act on it.
import { expect, type Locator, type Page } from '@playwright/test';
import { MachinePage } from './machine.ts';

export class SnapshotsPage {
  readonly page: Page;
  readonly machine: MachinePage;
  readonly panel: Locator;
  readonly tree: Locator;
  readonly picture: Locator;

  constructor(page: Page) {
    this.page = page;
    this.machine = new MachinePage(page);
    this.panel = page.getByRole('tabpanel', { name: /^Snapshots/ });
    this.tree = this.panel.getByRole('tree', { name: 'Snapshots' });
    this.picture = this.panel.getByRole('img', { name: 'The console at that moment' });
  }

  async open(id: string): Promise<void> {
    await this.machine.open(id, 'snapshots');
    await expect(this.panel.getByRole('button', { name: 'Take snapshot…' })).toBeVisible();
  }

  node(name: string): Locator {
    return this.tree.getByRole('treeitem').filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** What is shown beside the tree of the snapshot that is chosen. */
  pane(name: string): Locator {
    return this.panel.getByRole('article', { name, exact: true });
  }

  dialog(title: string | RegExp): Locator {
    return this.page
      .getByRole('dialog', { name: title })
      .or(this.page.getByRole('alertdialog', { name: title }));
  }

  async choose(name: string): Promise<Locator> {
    await this.node(name).click();
    await expect(this.pane(name)).toBeVisible();
    return this.pane(name);
  }

  /** An action of a snapshot: a button beside it, or an entry of its menu. */
  async act(name: string, action: string): Promise<void> {
    const pane = await this.choose(name);
    const button = pane.getByRole('button', { name: action });
    if (await button.isVisible()) {
      await button.click();
      return;
    }
    await pane.getByRole('button', { name: 'More for this snapshot' }).click();
    await this.page.getByRole('menuitem', { name: action }).click();
  }

  async take(name: string, note = ''): Promise<void> {
    await this.panel.getByRole('button', { name: 'Take snapshot…' }).click();
    const dialog = this.dialog(/^Take a snapshot/);
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    if (note !== '') await dialog.getByRole('textbox', { name: 'Note' }).fill(note);
    await dialog.getByRole('button', { name: 'Take snapshot' }).click();
    await expect(dialog).toBeHidden();
    await expect(this.node(name)).toBeVisible();
  }

  /** `keep`: the name that the present is kept by; null: it is dropped. */
  async restore(name: string, keep: string | null): Promise<void> {
    await this.act(name, 'Restore…');
    const dialog = this.dialog(/^Restore/);
    if (keep === null) await dialog.getByText('Drop it').click();
    else await dialog.getByRole('textbox', { name: 'Name for the present' }).fill(keep);
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await expect(dialog).toBeHidden({ timeout: 30_000 });
  }

  async delete(name: string): Promise<void> {
    await this.act(name, 'Delete…');
    await this.dialog(/^Delete/)
      .getByRole('button', { name: 'Delete' })
      .click();
    await expect(this.node(name)).toBeHidden();
  }
}
