// send against the sample guest: what scripts that test a guest rely on.
import { expect, it } from 'vitest';
import { inOwnLibrary, run } from './cli.testing.ts';

inOwnLibrary();

it('types, waits for the answer and not for the echo, and prints what the guest said', async () => {
  await run(['create', '--sample', '--name', 'lab', '--start']).ended;
  const ready = await run(['send', 'lab', '--wait', 'armoire> $']).ended;
  expect(ready).toMatchObject({ code: 0, err: '', out: expect.stringContaining('armoire> ') });
  // The prompt that stands there is enough; nothing more comes.
  expect((await run(['send', 'lab', '--wait', 'armoire> $', '--timeout', '5']).ended).code).toBe(0);

  const answered = await run(['send', 'lab', 'echo', 'forty-two', '--wait', '^forty-(\\w+)$', '--json'])
    .ended;
  expect(answered).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(answered.out)).toMatchObject({
    outcome: 'seen',
    match: 'forty-two',
    groups: ['two'],
    output: expect.stringContaining('echo forty-two'),
  });

  const unanswered = await run(['send', 'lab', 'info', '--wait', 'info|no such thing', '--timeout', '1'])
    .ended;
  expect(unanswered.code).toBe(1);
  expect(unanswered.out).toContain('info');
  expect(unanswered.err).toContain(
    'armoire: /info|no such thing/m was not seen: not within 1 s. The last lines:\n',
  );
  expect(unanswered.err).toMatch(/\n {2}armoire> *\n$/);

  expect((await run(['send', 'lab', 'echo typed', '--no-enter']).ended).code).toBe(0);
  expect((await run(['send', 'lab', ' later', '--wait', '^typed later$']).ended).code).toBe(0);
});

it('does not wait for a VM that goes down or does not run', async () => {
  await run(['create', '--sample', '--name', 'lab', '--start']).ended;
  await run(['send', 'lab', '--wait', 'armoire> $']).ended;
  const started = Date.now();
  const last = await run(['send', 'lab', 'poweroff', '--wait', 'never', '--timeout', '60']).ended;
  expect(last.code).toBe(1);
  expect(last.err).toContain('/never/m was not seen: the VM went down first.');
  expect(Date.now() - started).toBeLessThan(30_000);

  const refused = await run(['send', 'lab', 'hello']).ended;
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('lab does not run (stopped)');
  expect(refused.err).toContain('armoire start "lab"');
});

it.each([
  [['send']],
  [['send', 'nobody', 'x']],
  [['send', 'nobody', 'x', '--wait', '(']],
  [['send', 'nobody', 'x', '--timeout', '0']],
  [['send', 'nobody', 'x', '--timeout', 'soon']],
  [['send', 'nobody']],
])('%j is a wrong command line', async (words) => {
  const { code, out, err } = await run(words).ended;
  expect([code, out]).toEqual([2, '']);
  expect(err.length).toBeGreaterThan(10);
});
