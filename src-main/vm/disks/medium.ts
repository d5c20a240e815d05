import type { Machine } from '../machine.ts';
export async function changeMedium(
  _machine: Machine,
  _request: { revision: number; disk: string; file: string },
): Promise<void> {
  throw new Error('to come');
}
