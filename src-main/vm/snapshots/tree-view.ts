import type { SnapshotDetail, SnapshotTree, SnapshotView } from '../../contract/snapshot.ts';
import type { Machine } from '../machine.ts';
export async function treeOf(_machine: Machine): Promise<SnapshotTree> {
  throw new Error('to come');
}
export function watchTree(
  _machine: Machine,
  _signal: AbortSignal | undefined,
): AsyncIterableIterator<SnapshotTree, void, undefined> {
  throw new Error('to come');
}
export async function snapshotView(_machine: Machine, _id: string): Promise<SnapshotView> {
  throw new Error('to come');
}
export async function snapshotDetail(_machine: Machine, _id: string): Promise<SnapshotDetail> {
  throw new Error('to come');
}
