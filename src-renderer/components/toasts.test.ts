// Which messages stay at the window's corner.
import { beforeEach, expect, test, vi } from 'vitest';
import { showToast, toasts } from './toasts.ts';

const done = (message: string) => ({ kind: 'done', message }) as const;
const fault = (message: string) =>
  ({ kind: 'fault', fault: { code: 'internal', message, remedy: '' } }) as const;
const shown = () =>
  toasts.getState().map((toast) => (toast.kind === 'done' ? toast.message : toast.fault.message));

beforeEach(() => {
  toasts.setState([], true);
});

test('good news makes room for newer, and a fault for neither', () => {
  showToast(done('one'));
  showToast(fault('broken'));
  showToast(done('two'));
  expect(shown()).toEqual(['broken', 'two']);
});

test('good news goes by itself, a fault stays', () => {
  vi.useFakeTimers();
  try {
    showToast(fault('broken'));
    showToast(done('one'));
    vi.advanceTimersByTime(10_000);
    expect(shown()).toEqual(['broken']);
  } finally {
    vi.useRealTimers();
  }
});
