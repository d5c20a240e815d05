// Several pieces of work at once, none of which is still under way when one has failed.

/** As `Promise.all`, but a failure is told only when all have come to their end: what they made can be cleared away. */
export async function allOf<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
