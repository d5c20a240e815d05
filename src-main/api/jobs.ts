// Work that takes its time: watched and stopped.
import type { ApiContext } from './context.ts';
import type { Implementer } from './implement.ts';

export function jobProcedures(os: Implementer, { supervisor }: ApiContext) {
  const { jobs } = supervisor.context;
  return {
    watch: os.jobs.watch.handler(({ signal }) => jobs.watch(signal)),
    cancel: os.jobs.cancel.handler(({ input }) => {
      jobs.cancel(input.job);
      return {};
    }),
  };
}
