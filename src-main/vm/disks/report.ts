import type { DiskReport } from '../../contract/disk.ts';
import type { Machine } from '../machine.ts';
export async function diskReport(_machine: Machine): Promise<DiskReport> {
  throw new Error('to come');
}
