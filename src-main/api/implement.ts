// The contract's implementer: every Fault leaves as the contract's typed error, whatever else goes wrong as `internal`.
import { implement, ORPCError, ValidationError } from '@orpc/server';
import { Fault, type FaultData, toFaultData } from '../contract/fault.ts';
import { contract } from '../contract/index.ts';

/** Where defects are told: they are no user's fault, and nobody sees them otherwise. */
export type ReportDefect = (error: unknown) => void;

export function implementer(report: ReportDefect) {
  return implement(contract).use(async ({ next, errors, signal }) => {
    const typed = (error: unknown) => {
      if (signal?.aborted) return error;
      const data = faultOf(error);
      if (data.code === 'internal') report(error);
      return errors.FAULT({ message: data.message, data });
    };
    try {
      const result = await next();
      return isStream(result.output) ? { ...result, output: typedStream(result.output, typed) } : result;
    } catch (error) {
      throw typed(error);
    }
  });
}
export type Implementer = ReturnType<typeof implementer>;

function faultOf(error: unknown): FaultData {
  if (error instanceof ORPCError && error.cause instanceof ValidationError && error.code === 'BAD_REQUEST') {
    const [issue] = error.cause.issues;
    return new Fault({
      code: 'bad-input',
      message: issue?.message ?? 'A value is not valid.',
      remedy: 'Correct it and try again.',
      detail: JSON.stringify(error.cause.issues),
    }).data;
  }
  return toFaultData(error);
}

function isStream(value: unknown): value is AsyncIterableIterator<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value;
}

/**
 * What fails in the middle of a stream is as typed as what fails before it. Not a generator: `return()` of one that
 * waits for its source would wait too, and the source never be let go of.
 */
function typedStream<T>(
  source: AsyncIterableIterator<T>,
  typed: (error: unknown) => unknown,
): AsyncIterableIterator<T> {
  const stream: AsyncIterableIterator<T> = {
    next: () =>
      source.next().catch((error: unknown) => {
        throw typed(error);
      }),
    return: async () => (await source.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}
