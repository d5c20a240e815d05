// A guest's memory and devices, to a file and back (QEMU docs/devel/migration): while it runs, by QEMU itself.
import { open } from 'node:fs/promises';
import { Fault } from '../contract/fault.ts';
import type { QmpClient } from './qmp.ts';

/** `mapped-ram`: one place per page (QEMU 9.0); `stream`: pages as they come. */
export type MemoryForm = 'mapped-ram' | 'stream';

/** More than any disk can take: QEMU's own limit of 128 MiB/s is meant for networks. */
const bandwidthBytesPerSecond = 2 ** 40;
/** What is left when the guest is stopped for the rest may take this long. */
const downtimeMs = 20;
/** A guest that dirties memory faster than the disk takes it never ends by itself: after this it is stopped. */
const patienceMs = 10_000;
const roundsBeforeStopping = 30;
const pollMs = 25;
const progressEveryMs = 100;
/** A loaded computer may take long for the state of the devices, which is written in one go. */
const commandPatienceMs = 30_000;

interface MigrationInfo {
  status?: string;
  'error-desc'?: string;
  ram?: { total: number; remaining: number; transferred: number; 'dirty-sync-count': number };
}

interface Sequence {
  signal?: AbortSignal | undefined;
  /** 0 to 100. */
  onProgress?: (percent: number) => void;
}

/**
 * Without `multifd`: `migrate_cancel` ends QEMU then, for its sending threads use a bitmap that is freed already (seen in
 * 10.0 and 11.1, in more than half of the cases). One thread writes as fast here.
 */
async function prepare(qmp: QmpClient, form: MemoryForm): Promise<void> {
  const mapped = form === 'mapped-ram';
  const knowsMapped = mapped || qmp.greeting.major >= 9;
  await qmp.execute('migrate-set-capabilities', {
    capabilities: [
      { capability: 'events', state: true },
      { capability: 'multifd', state: false },
      ...(knowsMapped ? [{ capability: 'mapped-ram', state: mapped }] : []),
    ],
  });
  await qmp.execute('migrate-set-parameters', {
    'max-bandwidth': bandwidthBytesPerSecond,
    'downtime-limit': downtimeMs,
  });
}

const fileChannel = (file: string) => ({
  channels: [{ 'channel-type': 'main', addr: { transport: 'file', filename: file, offset: 0 } }],
});

/**
 * Writes the guest's memory into `file` while the guest runs. When this resolves the guest stands still
 * (`postmigrate`) and waits for `cont`. Throws Fault `cancelled`, `unsupported` (a device that cannot be saved),
 * `disk-full`, `qemu-failed`; the guest goes on then as it did, which `resumeAfterFailure` makes sure of.
 */
export async function saveMemory(
  qmp: QmpClient,
  file: string,
  { form, signal, onBegun, onProgress }: Sequence & { form: MemoryForm; onBegun?: () => Promise<void> },
): Promise<void> {
  await prepare(qmp, form);
  signal?.throwIfAborted();
  const ended = statusWaiter(qmp);
  try {
    await refusable(qmp.execute('migrate', fileChannel(file), { timeoutMs: commandPatienceMs }));
    await closeOnce(file);
    await onBegun?.();
    const begun = Date.now();
    let told = 0;
    let stopped = false;
    for (;;) {
      await ended.next(pollMs);
      const info = await qmp.execute<MigrationInfo>('query-migrate', undefined, {
        timeoutMs: commandPatienceMs,
      });
      if (info.status === 'completed') return await untilHeld(qmp);
      if (info.status === 'failed') throw saveFault(info['error-desc'] ?? '');
      if (info.status === 'cancelled') throw signal?.reason ?? saveFault('cancelled');
      if (signal?.aborted) {
        await qmp.execute('migrate_cancel');
        continue;
      }
      if (!stopped && neverEnds(info, begun)) {
        stopped = true;
        await qmp.execute('stop');
      }
      if (onProgress && info.ram && info.ram.total > 0 && Date.now() - told > progressEveryMs) {
        told = Date.now();
        onProgress(100 * (1 - info.ram.remaining / info.ram.total));
      }
    }
  } finally {
    ended.stop();
  }
}

/**
 * QEMU has truncated the file, which makes ext4 write all of it out at its next close (`auto_da_alloc`, fs/ext4/file.c
 * `ext4_release_file`): that would be QEMU's own, in which guest and monitor stand still for a tenth of a second per
 * half GiB. Closed here, while it holds next to nothing, it is an ordinary file from then on.
 */
async function closeOnce(file: string): Promise<void> {
  // Where that cannot be done the guest stands still for longer, and nothing else happens.
  await open(file, 'r').then(
    (handle) => handle.close(),
    () => undefined,
  );
}

/** QEMU says that a migration is through a moment before it would take `cont` (system/qmp-cmds: "not finalized yet"). */
async function untilHeld(qmp: QmpClient): Promise<void> {
  const deadline = Date.now() + commandPatienceMs;
  while (Date.now() < deadline) {
    const { status } = await qmp.execute<{ status: string }>('query-status');
    if (status !== 'finish-migrate') return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function neverEnds({ ram }: MigrationInfo, begun: number): boolean {
  return Date.now() - begun > patienceMs || (ram?.['dirty-sync-count'] ?? 0) > roundsBeforeStopping;
}

/** Wakes at the end of a migration, so that a guest which stands still waits for no poll. */
function statusWaiter(qmp: QmpClient): { next(timeoutMs: number): Promise<void>; stop(): void } {
  let over = false;
  let wake: () => void = () => undefined;
  const stop = qmp.onEvent(({ event, data }) => {
    if (event !== 'MIGRATION' || !['completed', 'failed', 'cancelled'].includes(String(data.status))) return;
    over = true;
    wake();
  });
  return {
    next: (timeoutMs) =>
      over
        ? Promise.resolve()
        : new Promise((resolve) => {
            const timer = setTimeout(resolve, timeoutMs);
            wake = () => {
              clearTimeout(timer);
              resolve();
            };
          }),
    stop,
  };
}

/**
 * Whatever state a migration was left in: it is ended, and a guest that QEMU stopped for it can be continued.
 * Resolves to true when QEMU holds the guest after a migration that came through.
 */
export async function settleMigration(qmp: QmpClient): Promise<boolean> {
  const deadline = Date.now() + commandPatienceMs;
  for (;;) {
    const { status } = await qmp.execute<MigrationInfo>('query-migrate');
    if (status === undefined || ['none', 'completed', 'failed', 'cancelled'].includes(status)) break;
    if (Date.now() > deadline) break;
    await qmp.execute('migrate_cancel').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  await untilHeld(qmp);
  const { status } = await qmp.execute<{ status: string }>('query-status');
  return status === 'postmigrate';
}

/** Loads a memory into a QEMU that was started with `-incoming defer`; the guest stands still when this resolves. */
export async function loadMemory(
  qmp: QmpClient,
  file: string,
  { form, onProgress }: Sequence & { form: MemoryForm },
): Promise<void> {
  await prepare(qmp, form);
  const ended = statusWaiter(qmp);
  try {
    await qmp.execute('migrate-incoming', fileChannel(file), { timeoutMs: commandPatienceMs });
    for (;;) {
      await ended.next(pollMs);
      const info = await qmp.execute<MigrationInfo>('query-migrate', undefined, {
        timeoutMs: commandPatienceMs,
      });
      if (info.status === 'completed') return;
      if (info.status === 'failed') throw loadFault(info['error-desc'] ?? '');
      if (onProgress && info.ram && info.ram.total > 0) {
        onProgress((100 * info.ram.transferred) / info.ram.total);
      }
    }
  } finally {
    ended.stop();
  }
}

async function refusable(asked: Promise<unknown>): Promise<void> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof Fault && error.code === 'qemu-failed') throw saveFault(error.data.detail ?? '');
    throw error;
  }
}

/** `words`: QEMU's reason (migration/migration.c, migration/savevm.c). */
function saveFault(words: string): Fault {
  if (/No space left/i.test(words)) {
    return new Fault({
      code: 'disk-full',
      message: 'There is no room left on the disk for the guest’s memory.',
      remedy: 'Free some space on the disk that holds the library, then try again.',
      detail: words,
    });
  }
  if (/non-migratable|does not support migration|not migratable|Migration is disabled|blocker/i.test(words)) {
    return new Fault({
      code: 'unsupported',
      message: 'A device of this machine cannot save its state, so its memory cannot be saved.',
      remedy: 'Shut the machine down: without memory it can be kept as well.',
      detail: words,
    });
  }
  return new Fault({
    code: 'qemu-failed',
    message: 'QEMU could not save the guest’s memory.',
    remedy: 'Try again; the details hold QEMU’s reason. With the machine shut down it works without memory.',
    detail: words,
  });
}

function loadFault(words: string): Fault {
  return new Fault({
    code: 'qemu-failed',
    message: 'QEMU could not load the saved memory: QEMU, the CPU or the machine may be others now.',
    remedy: 'Start from the same disk state without the memory (a cold boot).',
    detail: words,
  });
}
