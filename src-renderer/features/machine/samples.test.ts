// The columns that the graphs draw.
import { expect, test } from 'vitest';
import { noSamples, withSample } from './samples.ts';

const metrics = (second: number) => ({
  at: new Date(second * 1000).toISOString(),
  cpuPercent: second * 10,
  residentMiB: 100 + second,
  diskReadBytesPerSecond: second,
  diskWriteBytesPerSecond: -second,
});

test('keeps the newest, and every column in step', () => {
  const samples = [1, 2, 3, 4].reduce((so, second) => withSample(so, metrics(second), 3), noSamples);
  expect(samples).toEqual({
    at: [2, 3, 4],
    cpuPercent: [20, 30, 40],
    residentMiB: [102, 103, 104],
    readBytes: [2, 3, 4],
    writtenBytes: [-2, -3, -4],
  });
});
