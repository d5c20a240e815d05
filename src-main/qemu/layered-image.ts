// Images that build on others: merged, and what is asked of them. What an image builds on is always said in full: its header is
// never asked.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../contract/fault.ts';
import { unlessMissing } from '../lib/errno.ts';
import { optionValue } from './arguments/words.ts';
import type { DiskFormat } from './image.ts';
import { readImageHeader } from './image-header.ts';
import { chainNode } from './image-source.ts';
import type { QmpClient } from './qmp.ts';
import { askQemu } from './stdio-session.ts';

export interface ChainImage {
  /** Absolute. */
  path: string;
  format: DiskFormat;
}

/** As the guest sees it. */
export async function virtualBytes({ path: file, format }: ChainImage): Promise<number> {
  if (format === 'raw') return (await stat(file)).size;
  const { virtualSizeBytes } = await readImageHeader(file);
  if (virtualSizeBytes !== null) return virtualSizeBytes;
  throw new Fault({
    code: 'damaged',
    message: `${file} cannot be read as the qcow2 image that it should be.`,
    remedy: 'Restore a snapshot that does not need it, or bring it back from a backup.',
  });
}

/** What a file takes on disk; 0 when it is not there. */
export async function allocatedBytes(file: string): Promise<number> {
  return ((await unlessMissing(stat(file)))?.blocks ?? 0) * 512;
}

export interface MergeOptions {
  onProgress?: ((percent: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Takes what `chain[0]` lacks of the images between it and `chain[keepFrom]` into it, in the running QEMU that has the
 * chain open. At every moment the image shows the same content: a crash halves nothing.
 */
export async function mergeLive(
  qmp: QmpClient,
  { chain, keepFrom }: { chain: readonly ChainImage[]; keepFrom: number },
  options: MergeOptions = {},
): Promise<void> {
  const nodes = await nodesByFile(qmp);
  const top = nodes.get(chain[0]?.path ?? '');
  if (top === undefined) throw new Error(`no block node for ${chain[0]?.path}`);
  const base = chain[keepFrom];
  const baseNode = base && nodes.get(base.path);
  await runStream(
    qmp,
    {
      device: top,
      ...(base && baseNode !== undefined
        ? {
            'base-node': baseNode,
            'backing-file': path.relative(path.dirname(chain[0]?.path ?? ''), base.path),
          }
        : {}),
    },
    options,
  );
}

/** As `mergeLive`, in a QEMU of its own, for a chain that nobody has open for writing. */
export function mergeAtRest(
  program: string,
  { chain, keepFrom }: { chain: readonly ChainImage[]; keepFrom: number },
  options: MergeOptions = {},
): Promise<void> {
  return withBlockQemu(program, chain[0]?.path ?? '', async (qmp) => {
    await qmp.execute('blockdev-add', { 'node-name': 'top', ...chainNode(chain) });
    await mergeLive(qmp, { chain, keepFrom }, options);
  });
}

/**
 * Writes what `chain[0]` holds into `chain[1]`, for a chain that nobody has open. `chain[0]` shows the same content at
 * every moment.
 */
export function commitAtRest(
  program: string,
  chain: readonly ChainImage[],
  options: MergeOptions = {},
): Promise<void> {
  return withBlockQemu(program, chain[0]?.path ?? '', async (qmp) => {
    await qmp.execute('blockdev-add', { 'node-name': 'top', ...chainNode(chain) });
    const nodes = await nodesByFile(qmp);
    const base = nodes.get(chain[1]?.path ?? '');
    await runJob(qmp, 'block-commit', { device: 'top', 'base-node': base }, options);
  });
}

/** Block nodes (not those of the files below them) by the path of their file. */
export async function nodesByFile(qmp: QmpClient): Promise<Map<string, string>> {
  const nodes = await qmp.execute<{ 'node-name': string; drv: string; file: string }[]>(
    'query-named-block-nodes',
    { flat: true },
  );
  return new Map(
    nodes.filter(({ drv }) => drv !== 'file').map((node) => [plainFile(node.file), node['node-name']]),
  );
}

/** QEMU shows a chain that differs from its header as a `json:` description. */
function plainFile(file: string): string {
  if (!file.startsWith('json:')) return file;
  try {
    const description = JSON.parse(file.slice(5)) as { file?: { filename?: string } };
    return description.file?.filename ?? file;
  } catch {
    return file;
  }
}

/**
 * How a QEMU without a machine is named: it goes on when the end of its input comes, so that one whose manager has died
 * is known by the image that it writes to.
 */
export const blockQemuName = (file: string) => `images ${optionValue(file)}`;

async function withBlockQemu<T>(
  program: string,
  file: string,
  work: (qmp: QmpClient) => Promise<T>,
): Promise<T> {
  const words = [
    '-name',
    blockQemuName(file),
    '-M',
    'none',
    '-nodefaults',
    '-no-user-config',
    '-display',
    'none',
    '-audio',
    'none',
    '-qmp',
    'stdio',
  ];
  const result = await askQemu(program, words, 15_000, work);
  if (result.ok) return result.answer;
  throw result.error;
}

const runStream = (qmp: QmpClient, args: object, options: MergeOptions) =>
  runJob(qmp, 'block-stream', args, options);

interface JobInfo {
  id: string;
  status: string;
  'current-progress': number;
  'total-progress': number;
  error?: string;
}

const jobPollMs = 50;
let jobNumber = 0;

async function runJob(
  qmp: QmpClient,
  command: 'block-stream' | 'block-commit',
  args: object,
  { onProgress, signal }: MergeOptions,
): Promise<void> {
  const id = `armoire${++jobNumber}`;
  await qmp.execute(command, { 'job-id': id, 'auto-dismiss': false, ...args });
  let cancelled = false;
  for (;;) {
    const job = (await qmp.execute<JobInfo[]>('query-jobs')).find((other) => other.id === id);
    if (!job) return;
    if (job.status === 'ready') {
      await qmp.execute('job-complete', { id });
    } else if (job.status === 'concluded') {
      await qmp.execute('job-dismiss', { id });
      if (cancelled) throw signal?.reason;
      if (job.error !== undefined) throw jobFault(job.error);
      return;
    }
    if (job['total-progress'] > 0) onProgress?.((100 * job['current-progress']) / job['total-progress']);
    if (signal?.aborted && !cancelled) {
      cancelled = true;
      await qmp.execute('job-cancel', { id }).catch(() => undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, jobPollMs));
  }
}

function jobFault(words: string): Fault {
  const full = /No space left/i.test(words);
  return new Fault({
    code: full ? 'disk-full' : 'qemu-failed',
    message: full
      ? 'There is no room left on the disk to merge the images. Nothing is lost.'
      : 'QEMU could not merge the images. Nothing is lost.',
    remedy: full ? 'Free some space, then try again.' : 'Try again; the details hold QEMU’s reason.',
    detail: words,
  });
}
