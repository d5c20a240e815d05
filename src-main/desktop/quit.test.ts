// Quitting never stops a VM that was not meant to stop, and never loses the question.
import { beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type Question, type QuitSurroundings, settleQuit } from './quit.ts';

const vms = [
  { id: '1', name: 'debian' },
  { id: '2', name: 'uboot' },
];

let running: { id: string; name: string }[];
let asked: Question[];
let answers: Answer[];
let remembered: string[];
let shutDowns: number;
let saves: number;

beforeEach(() => {
  running = vms;
  asked = [];
  answers = [];
  remembered = [];
  shutDowns = 0;
  saves = 0;
});

function around(onQuit: QuitSurroundings['onQuit'], left: typeof vms = []): QuitSurroundings {
  return {
    running: () => running,
    onQuit,
    ask: async (question) => {
      asked.push(question);
      const answer = answers.shift();
      if (!answer) throw new Error(`Not expected: ${question.message}`);
      return answer;
    },
    remember: async (choice) => {
      remembered.push(choice);
    },
    shutDownAll: async () => {
      shutDowns += 1;
      running = left;
    },
    saveAll: async () => {
      saves += 1;
      running = left;
    },
  };
}

it('asks nothing while nothing runs', async () => {
  running = [];
  expect(await settleQuit(around('ask'))).toBe(true);
  expect(asked).toEqual([]);
});

describe('asking', () => {
  it.each([
    [0, true, 0, 0],
    [1, true, 0, 1],
    [2, true, 1, 0],
    [3, false, 0, 0],
  ])('button %i: quits %s after %i shutdowns, %i saves', async (button, quits, ...expected) => {
    answers = [{ button, checked: false }];
    expect(await settleQuit(around('ask'))).toBe(quits);
    expect(asked[0]).toMatchObject({
      message: '2 virtual machines are running.',
      detail: expect.stringMatching(/^debian\nuboot\n/),
      buttons: ['Keep running', 'Save state', 'Shut down', 'Cancel'],
      checkbox: 'Remember my choice',
    });
    expect([shutDowns, saves]).toEqual(expected);
    expect(remembered).toEqual([]);
  });

  it.each([
    [0, ['keep-running']],
    [1, ['save-state']],
    [2, ['shut-down']],
    [3, []],
  ])('remembers button %i when wished, but never Cancel', async (button, expected) => {
    answers = [{ button, checked: true }];
    await settleQuit(around('ask'));
    expect(remembered).toEqual(expected);
  });

  it('names a few of many', async () => {
    running = Array.from({ length: 1000 }, (_, index) => ({ id: `${index}`, name: `vm${index}` }));
    answers = [{ button: 3, checked: false }];
    await settleQuit(around('ask'));
    expect(asked[0]?.detail).toContain('vm5\nand 994 more\n');
  });
});

describe('settled before', () => {
  it('keeps running without a question', async () => {
    expect(await settleQuit(around('keep-running'))).toBe(true);
    expect([asked.length, shutDowns]).toEqual([0, 0]);
  });

  it('shuts down without a question', async () => {
    expect(await settleQuit(around('shut-down'))).toBe(true);
    expect([asked.length, shutDowns]).toEqual([0, 1]);
  });

  it('saves without a question', async () => {
    expect(await settleQuit(around('save-state'))).toBe(true);
    expect([asked.length, shutDowns, saves]).toEqual([0, 0, 1]);
  });

  it('asks again when one cannot be saved', async () => {
    answers = [{ button: 0, checked: false }];
    expect(await settleQuit(around('save-state', [{ id: '2', name: 'uboot' }]))).toBe(true);
    expect(asked[0]?.message).toBe('The state of one could not be saved.');
  });

  it.each([
    [0, true],
    [1, false],
  ])('asks again when one does not end in time (button %i)', async (button, quits) => {
    answers = [{ button, checked: false }];
    expect(await settleQuit(around('shut-down', [{ id: '2', name: 'uboot' }]))).toBe(quits);
    expect(asked[0]).toMatchObject({
      message: 'One did not shut down in time.',
      detail: expect.stringMatching(/^uboot\n/),
      buttons: ['Quit and keep running', 'Cancel'],
    });
  });
});
