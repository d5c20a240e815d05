import { describe, expect, it } from 'vitest';
import type { Job } from '../contract/job.ts';
import { progressLine } from './progress.ts';

const copying: Job = {
  id: 'aaaaaaaa-0000-4000-8000-000000000000',
  kind: 'clone',
  vm: null,
  title: 'Copying disk.vmdk',
  percent: null,
  remainingSeconds: null,
  cancellable: true,
  startedAt: '2026-03-31T09:05:07Z',
};

describe('progressLine', () => {
  it('tells what is known', () => {
    expect(progressLine(copying, 80)).toBe('Copying disk.vmdk …');
    expect(progressLine({ ...copying, percent: 41.9 }, 80)).toBe('Copying disk.vmdk: 41 %');
    expect(progressLine({ ...copying, percent: 41.9, remainingSeconds: 11.2 }, 80)).toBe(
      'Copying disk.vmdk: 41 %, about 12 s left',
    );
    expect(progressLine({ ...copying, percent: 1, remainingSeconds: 600 }, 80)).toContain(
      'about 10 min left',
    );
  });

  it('never fills the line, whatever the title holds', () => {
    const line = progressLine({ ...copying, title: `\x1b[2J${'x'.repeat(200)}`, percent: 5 }, 40);
    expect(line).toHaveLength(39);
    expect(line).toMatch(/^\ufffd\[2Jx+…: 5 %$/);
  });
});
