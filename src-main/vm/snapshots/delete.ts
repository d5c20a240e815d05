import type { Machine } from '../machine.ts';
export async function deleteSnapshot(_machine: Machine, _id: string): Promise<void> {
  throw new Error('to come');
}
