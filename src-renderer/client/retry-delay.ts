// How long to wait before trying to connect again.

/** Milliseconds before attempt `attempt` (0 first): quick at first, since a restart takes about a second, then calm. */
export function retryDelayMs(attempt: number): number {
  return Math.min(10_000, 300 * 2 ** attempt);
}
