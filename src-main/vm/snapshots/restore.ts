import type { Machine } from '../machine.ts';
export async function restoreSnapshot(
  _machine: Machine,
  _id: string,
  _how: { keepPresent: string | null; memory: boolean },
): Promise<void> {
  throw new Error('to come');
}
