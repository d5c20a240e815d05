// Runs asynchronous work one at a time, in the order it was asked for.

export type Serial = <T>(work: () => Promise<T>) => Promise<T>;

/** A failure of one piece of work is its caller's alone; the next one runs all the same. */
export function createSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  };
}
