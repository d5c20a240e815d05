// What the window shows and the main side need not know: the search, the open dialog.
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** `confirm`: an action that may lose what the guest has not yet written. */
export type OpenDialog =
  | { kind: 'rename' | 'clone' | 'delete'; id: string }
  | { kind: 'confirm'; id: string; action: 'force-stop' | 'reset' | 'reload' };

export interface ViewState {
  search: string;
  dialog: OpenDialog | null;
}

export const view = createStore<ViewState>(() => ({ search: '', dialog: null }));

export function useView(): ViewState {
  return useStore(view);
}

export function openDialog(dialog: OpenDialog): void {
  view.setState({ dialog });
}

export function closeDialog(): void {
  view.setState({ dialog: null });
}

export function setSearch(search: string): void {
  view.setState({ search });
}
