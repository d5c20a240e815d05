// QEMU's own snapshots, by hand: snapshot-save and snapshot-load into the guest's qcow2, as jobs over QMP.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { QmpClient } from '../../../src-main/qemu/qmp.ts';

const mostWaitMs = 120_000;

/** The block node of the guest's disk: state and disk are kept in it. */
export function diskNodeOf(hardware: readonly string[]): string {
  for (const [index, word] of hardware.entries()) {
    if (hardware[index - 1] !== '-blockdev') continue;
    const node = z.looseObject({ driver: z.string(), 'node-name': z.string() }).safeParse(JSON.parse(word));
    if (node.success && node.data.driver === 'qcow2') return node.data['node-name'];
  }
  throw new Error('The guest has no qcow2 disk.');
}

export async function internalSnapshot(
  qmp: QmpClient,
  verb: 'save' | 'load' | 'delete',
  { tag, node }: { tag: string; node: string },
): Promise<void> {
  const id = `${verb}-${tag}`;
  const where = { 'job-id': id, tag, devices: [node], ...(verb !== 'delete' && { vmstate: node }) };
  await qmp.execute(`snapshot-${verb}`, where, { timeoutMs: mostWaitMs });
  for (;;) {
    const jobs = await qmp.execute<{ id: string; status: string; error?: string }[]>(
      'query-jobs',
      undefined,
      {
        timeoutMs: mostWaitMs,
      },
    );
    const job = jobs.find((each) => each.id === id);
    if (job?.status === 'concluded') {
      await qmp.execute('job-dismiss', { id });
      if (job.error !== undefined) throw new Error(`snapshot-${verb}: ${job.error}`);
      return;
    }
    await sleep(2);
  }
}
