// Where a disk is in a running QEMU: its device, and the block node that it reads and writes now.
import type { QmpClient } from '../../qemu/qmp.ts';

export interface LiveDrive {
  /** How QMP's tray commands name it. */
  handle: { id: string } | { device: string };
  /** null: no medium. */
  node: string | null;
}

interface BlockInfo {
  device: string;
  qdev?: string;
  inserted?: { 'node-name'?: string };
}

/** undefined: what runs has no such disk. */
export async function liveDrive(qmp: QmpClient, diskId: string): Promise<LiveDrive | undefined> {
  const device = `${diskId}.dev`;
  const slot = `${diskId}.drive`;
  for (const entry of await qmp.execute<BlockInfo[]>('query-block')) {
    const node = entry.inserted?.['node-name'] ?? null;
    // virtio devices answer with the path of a part of theirs.
    if (entry.qdev?.split('/').includes(device)) return { handle: { id: entry.qdev }, node };
    if (entry.device === slot) return { handle: { device: slot }, node };
  }
  return undefined;
}
