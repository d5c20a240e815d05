// The router: the whole contract, implemented.
import { boardProcedures } from './boards.ts';
import { consoleProcedures } from './console.ts';
import type { ApiContext } from './context.ts';
import { diskProcedures } from './disks.ts';
import { hostProcedures } from './host.ts';
import { implementer, type ReportDefect } from './implement.ts';
import { jobProcedures } from './jobs.ts';
import { snapshotProcedures } from './snapshots.ts';
import { vmProcedures } from './vms.ts';

/** For oRPC's RPCHandler; procedures need no initial context. */
export function createRouter(context: ApiContext, report: ReportDefect) {
  const os = implementer(report);
  return os.router({
    host: hostProcedures(os, context),
    boards: boardProcedures(os, context),
    vms: vmProcedures(os, context),
    snapshots: snapshotProcedures(os, context),
    disks: diskProcedures(os, context),
    jobs: jobProcedures(os, context),
    console: consoleProcedures(os, context),
  });
}
export type Router = ReturnType<typeof createRouter>;
