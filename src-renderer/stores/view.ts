// What the window shows and the main side need not know: the search, the open dialog, the snapshot that is looked at.
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { SnapshotView } from '../../src-main/contract/snapshot.ts';

/** `confirm`: an action that may lose what the guest has not yet written. */
export type LibraryDialog =
  | { kind: 'rename' | 'delete'; id: string }
  /** `snapshot`: made from this one instead of from the present. */
  | { kind: 'clone'; id: string; snapshot?: Pick<SnapshotView, 'id' | 'name' | 'memory' | 'mismatch'> }
  | { kind: 'confirm'; id: string; action: 'force-stop' | 'reset' | 'reload' | 'discard-state' };

export type SnapshotDialog =
  | { kind: 'take-snapshot'; id: string }
  /** `branch`: the present is kept, whatever else. */
  | { kind: 'restore-snapshot'; id: string; snapshot: SnapshotView; branch: boolean }
  | { kind: 'delete-snapshot' | 'rename-snapshot'; id: string; snapshot: SnapshotView };

export type OpenDialog = LibraryDialog | SnapshotDialog;

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
