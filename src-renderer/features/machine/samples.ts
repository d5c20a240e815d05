// The last minutes of measurements, as the columns that a graph draws.
import type { Metrics } from '../../../src-main/contract/vm.ts';

/** Columns of equal length; `at` in seconds since the epoch. */
export interface Samples {
  at: number[];
  cpuPercent: number[];
  residentMiB: number[];
  readBytes: number[];
  writtenBytes: number[];
}

export const noSamples: Samples = {
  at: [],
  cpuPercent: [],
  residentMiB: [],
  readBytes: [],
  writtenBytes: [],
};

/** With `metrics` as the newest, and the oldest left out beyond `most`. */
export function withSample(samples: Samples, metrics: Metrics, most: number): Samples {
  const add = (column: readonly number[], value: number) => [...column, value].slice(-most);
  return {
    at: add(samples.at, Date.parse(metrics.at) / 1000),
    cpuPercent: add(samples.cpuPercent, metrics.cpuPercent),
    residentMiB: add(samples.residentMiB, metrics.residentMiB),
    readBytes: add(samples.readBytes, metrics.diskReadBytesPerSecond),
    writtenBytes: add(samples.writtenBytes, metrics.diskWriteBytesPerSecond),
  };
}
