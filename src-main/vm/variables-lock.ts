// One running VM per file of firmware variables: QEMU locks disks, but not flash memory (hw/block/pflash_cfi01.c shares it with everyone).
import { link, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { VmDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import { atomicWrite, temporarySuffix } from '../lib/atomic-write.ts';
import { errnoOf, unlessMissing } from '../lib/errno.ts';
import { bootId, processStart } from '../lib/process-identity.ts';
import type { Machine } from './machine.ts';
import { variablesLockSuffix } from './names.ts';
import type { ProcessOf } from './run-record.ts';

const lockSchema = z.object({
  vm: z.string(),
  /** For whoever is refused. */
  name: z.string(),
  bootId: z.string(),
  pid: z.int(),
  processStart: z.string(),
});
type Lock = z.infer<typeof lockSchema>;

/** undefined: no file that another VM could have. What lies in the VM's own directory is its own. */
async function lockFileOf({ boot }: VmDefinition): Promise<string | undefined> {
  if (boot.kind !== 'pflash' || boot.vars === undefined || !path.isAbsolute(boot.vars)) return undefined;
  const { vars } = boot;
  return `${await realpath(vars).catch(() => vars)}${variablesLockSuffix}`;
}

/** For this process, until `passLockOn`. Throws Fault `file-unusable` with the name of the VM that has it. */
export async function lockVariables(machine: Machine, definition: VmDefinition): Promise<void> {
  const file = await lockFileOf(definition);
  if (file === undefined) return;
  const self = { pid: process.pid, processStart: (await processStart(process.pid)) ?? '' };
  const mine = await lockOf(machine, definition, self);
  for (let tries = 0; tries < 3; tries++) {
    if (await tryLock(file, mine)) return;
    const held = await readLock(file);
    // Not by the VM alone: a copy of the library has VMs with the same ids.
    const ours = held?.vm === machine.id && held.pid === process.pid;
    if (held && !ours && (await isAlive(held))) throw inUse(file, held);
    await rm(file, { force: true });
  }
  throw inUse(file, (await readLock(file)) ?? mine);
}

/** From here on it lasts as long as QEMU does, whatever becomes of this process. */
export async function passLockOn(machine: Machine, definition: VmDefinition, qemu: ProcessOf): Promise<void> {
  const file = await lockFileOf(definition);
  if (file === undefined || (await readLock(file))?.pid !== process.pid) return;
  await atomicWrite(file, JSON.stringify(await lockOf(machine, definition, qemu)), { durable: false });
}

/** Never throws: one that stays is taken over by the next who wants it. */
export async function unlockVariables(machine: Machine, definition: VmDefinition): Promise<void> {
  const file = await lockFileOf(definition);
  const held = file === undefined ? undefined : await readLock(file);
  if (file === undefined || held?.vm !== machine.id) return;
  if (held.pid !== process.pid && (await isAlive(held))) return;
  await rm(file, { force: true }).catch(() => undefined);
}

async function lockOf(machine: Machine, { name }: VmDefinition, owner: ProcessOf): Promise<Lock> {
  const { pid, processStart: start } = owner;
  return { vm: machine.id, name, bootId: await bootId(), pid, processStart: start };
}

/** `link` fails when the name exists: of several that try, one gets it, with its content already whole. */
async function tryLock(file: string, lock: Lock): Promise<boolean> {
  const whole = `${file}.${lock.vm}${temporarySuffix}`;
  try {
    await writeFile(whole, JSON.stringify(lock), { mode: 0o600 });
    await link(whole, file);
    return true;
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EEXIST') return false;
    // A folder that this user may not write to: nobody else of this user's VMs can lock there either.
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return true;
    throw error;
  } finally {
    await rm(whole, { force: true }).catch(() => undefined);
  }
}

async function readLock(file: string): Promise<Lock | undefined> {
  const text = await unlessMissing(readFile(file, 'utf8')).catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function isAlive(lock: Lock): Promise<boolean> {
  return lock.bootId === (await bootId()) && (await processStart(lock.pid)) === lock.processStart;
}

function inUse(file: string, { name }: Lock): Fault {
  const variables = path.basename(file.slice(0, -variablesLockSuffix.length));
  return new Fault({
    code: 'file-unusable',
    message: `“${name}” runs with ${variables} as its firmware variables: two VMs at a time would spoil them.`,
    remedy: 'Stop that VM, or give this one a copy of the file.',
    field: '/boot/vars',
    detail: file,
  });
}
