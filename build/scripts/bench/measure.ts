// The shape of a measurement and the small arithmetic that all of them share.

export interface Measurement {
  readonly name: string;
  readonly unit: 'ratio' | 'ms' | '% of a core' | 'MiB';
  readonly value: number;
  /** Left out: stated, not judged. */
  readonly limit?: { readonly atMost: number } | { readonly atLeast: number };
  /** The raw numbers behind the value. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
}

export function passes({ value, limit }: Measurement): boolean {
  if (limit === undefined) return true;
  return 'atMost' in limit ? value <= limit.atMost : value >= limit.atLeast;
}

/** The middle value; of an even count the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new RangeError('No values to take the median of.');
  return (upper + lower) / 2;
}

export function millisecondsSince(start: number): number {
  return performance.now() - start;
}
