// Guests that count on their console: whoever loses a byte, stops them or takes them back in time, is seen by it.
import type { VmDefinition } from '../../src-main/contract/definition.ts';
import type { Armoire } from './fixtures.ts';
import { bootMs, type Guest, makeSample, makeVm, samplePrompt, watchGuest } from './guest.ts';

/** Saving a guest's memory reads all of it, also what the guest never touched: the tests need no more than this. */
export const withMemory =
  (memoryMiB: number) =>
  (definition: VmDefinition): VmDefinition => ({ ...definition, memoryMiB });

/** With a disk, which the sample itself takes no notice of. */
export async function countingSample(armoire: Armoire, name = 'counting'): Promise<Guest> {
  const client = await armoire.client();
  const { id } = await makeSample(client, {
    name,
    start: true,
    newDiskBytes: 64 * 1024 ** 2,
    adjust: withMemory(32),
  });
  const guest = await watchGuest(client, id);
  await guest.printed(samplePrompt);
  guest.type('count\r');
  await guest.printed('count 10\r\n');
  return guest;
}

/** A Linux that counts in a loop of its shell. */
export async function countingLinux(
  armoire: Armoire,
  files: { kernel: string; initrd: string },
): Promise<Guest> {
  const client = await armoire.client();
  const { id } = await makeVm(
    client,
    { kind: 'kernel', ...files },
    { name: 'counting Linux', start: true, adjust: withMemory(256) },
  );
  const guest = await watchGuest(client, id);
  await guest.printed('armoire-guest ready', bootMs);
  startCounting(guest);
  await guest.printed('count 5\r\n', bootMs);
  return guest;
}

/** In the guests' busybox. */
export function startCounting(guest: Guest): void {
  guest.type('n=0; while true; do echo count $n; n=$((n+1)); sleep 0.1; done\r');
}

/** The numbers that a whole console shows. */
export function counts(output: string): number[] {
  return [...output.matchAll(/^count (\d+)\r$/gm)].map(([, number]) => Number(number));
}

/** The newest number. */
export function countOf(guest: Guest): number {
  return counts(guest.output()).at(-1) ?? -1;
}

/** Where the numbers go back: each time the last one before, and the first one after. */
export function jumpsBack(output: string): { from: number; to: number }[] {
  const seen = counts(output);
  return seen.flatMap((to, index) => {
    const from = seen[index - 1];
    return from !== undefined && to <= from ? [{ from, to }] : [];
  });
}

/** Where numbers are missing: neither the next one nor a jump back. */
export function gaps(output: string): { from: number; to: number }[] {
  const seen = counts(output);
  return seen.flatMap((to, index) => {
    const from = seen[index - 1];
    return from !== undefined && to > from + 1 ? [{ from, to }] : [];
  });
}
