// What a transport carries: the part of the app core that it needs, and no more.
import type { Router } from '@orpc/server';
import type { TicketUse } from '../api/context.ts';
import type { Contract } from '../contract/index.ts';

export interface Served {
  /** Implements the contract; needs no context: who may call was settled before the call arrived. */
  router: Router<Contract, Record<never, never>>;
  /** What a one-time ticket stands for; undefined when unknown, used or expired. */
  redeem(ticket: string): TicketUse | undefined;
}
