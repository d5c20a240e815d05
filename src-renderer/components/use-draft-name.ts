// A name while it is being typed: what it is, whether it is one, and if not, why.
import { useState } from 'react';
import type * as z from 'zod';

export interface DraftName {
  readonly value: string;
  set(value: string): void;
  /** As it would be kept; null while it cannot be. */
  readonly parsed: string | null;
  readonly error: string | undefined;
}

/** `suggested` may become another one until something is typed. */
export function useDraftName(suggested: string, schema: z.ZodType<string>): DraftName {
  const [typed, set] = useState<string | null>(null);
  const value = typed ?? suggested;
  const result = schema.safeParse(value);
  return {
    value,
    set,
    parsed: result.success ? result.data : null,
    error: result.success ? undefined : result.error.issues[0]?.message,
  };
}
