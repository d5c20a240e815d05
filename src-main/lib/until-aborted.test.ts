import { expect, it } from 'vitest';
import { untilAborted } from './until-aborted.ts';

const never = () => new Promise<string>(() => undefined);

it('gives what the work gives, or throws what it throws', async () => {
  const { signal } = new AbortController();
  expect(await untilAborted(signal, async () => 'done')).toBe('done');
  await expect(untilAborted(signal, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});

it('throws the reason at once when it is called off, before or meanwhile', async () => {
  const cancel = new AbortController();
  const waiting = untilAborted(cancel.signal, never);
  cancel.abort(new Error('called off'));
  await expect(waiting).rejects.toThrow('called off');
  await expect(untilAborted(cancel.signal, never)).rejects.toThrow('called off');
});
