// The buttons of each state.
import { expect, test } from 'vitest';
import { allowedActions, vmState } from '../../../src-main/contract/vm.ts';
import { headerActions } from './header-actions.ts';

test.each([
  ['stopped', ['start'], ['snapshot']],
  ['crashed', ['start'], ['snapshot']],
  ['saved', ['start'], []],
  ['starting', ['force-stop'], []],
  ['running', ['shutdown'], ['snapshot', 'pause', 'reset', 'force-stop']],
  ['paused', ['resume'], ['snapshot', 'reset', 'shutdown', 'force-stop']],
  ['stopping', ['force-stop'], ['reset']],
  ['unknown', ['force-stop'], []],
  ['damaged', [], []],
] as const)('%s: %j, and %j where there is room', (state, main, beside) => {
  expect(headerActions(state)).toEqual({ main, beside });
});

test('nothing is offered that the state does not allow', () => {
  for (const state of vmState.options) {
    const { main, beside } = headerActions(state);
    for (const action of [...main, ...beside]) expect(allowedActions[state]).toContain(action);
  }
});
