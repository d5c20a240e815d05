import type { Disk } from '../../contract/definition.ts';
import type { DiskSource } from '../../contract/disk.ts';
import type { Machine } from '../machine.ts';
export async function addDisk(
  _machine: Machine,
  _request: { revision: number; disk: Disk; source: DiskSource },
): Promise<void> {
  throw new Error('to come');
}
