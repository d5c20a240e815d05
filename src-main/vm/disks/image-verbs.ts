import type { DiskCheck } from '../../contract/disk.ts';
import type { Machine } from '../machine.ts';
export async function resizeDisk(
  _machine: Machine,
  _request: { disk: string; sizeBytes: number; shrink: boolean },
): Promise<{ advice: string }> {
  throw new Error('to come');
}
export async function convertDisk(
  _machine: Machine,
  _request: { disk: string; format: 'qcow2' | 'raw' },
): Promise<void> {
  throw new Error('to come');
}
export async function compactDisk(_machine: Machine, _disk: string): Promise<{ freedBytes: number }> {
  throw new Error('to come');
}
export async function checkDisk(
  _machine: Machine,
  _request: { disk: string; repair: boolean },
): Promise<DiskCheck> {
  throw new Error('to come');
}
