// Puts the theme of the settings on the page; remembers it, so that the first paint has it already.
import type { Settings } from '../../src-main/contract/host.ts';
import { settings } from './settings.ts';

const key = 'armoire-theme';

export function followTheme(): void {
  apply(localStorage.getItem(key));
  settings.subscribe(({ value }) => {
    if (!value) return;
    localStorage.setItem(key, value.theme);
    apply(value.theme);
  });
}

function apply(theme: Settings['theme'] | string | null): void {
  const root = document.documentElement;
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  else delete root.dataset.theme;
}
