import type { Machine } from '../machine.ts';
export async function removeDisk(
  _machine: Machine,
  _request: { revision: number; disk: string; deleteImage: boolean },
): Promise<void> {
  throw new Error('to come');
}
