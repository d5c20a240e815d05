// VMs made from VMs: full copies, linked clones that build on a frozen state, forks that go on from its memory at once.
import type { CloneKind } from '../../contract/snapshot.ts';
import type { Machine } from '../machine.ts';
import type { Supervisor } from '../supervisor.ts';
import { copyOf } from './copy.ts';
import { forkOf } from './fork.ts';
import { linkedCloneOf } from './linked.ts';

export interface CloneRequest {
  id: string;
  name: string;
  kind: CloneKind;
  /** null: the present. */
  snapshot: string | null;
  /** A fork runs in any case. */
  start: boolean;
}

/**
 * Throws Fault `wrong-state` (a full copy of what runs, a fork of what does not), `not-found`, `damaged`, `unsupported`,
 * `disk-full`, `cancelled`; then no VM was made, except for a copy or a linked clone that only could not be started. A
 * snapshot that a linked clone or a fork needed stays.
 */
export function cloneMachine(supervisor: Supervisor, request: CloneRequest): Promise<Machine> {
  const source = supervisor.machine(request.id);
  const { jobs } = supervisor.context;
  return jobs.run({ kind: 'clone', vm: source.id, title: `Making “${request.name}”` }, (job) => {
    switch (request.kind) {
      case 'copy':
        return copyOf(supervisor, source, request, job);
      case 'linked':
        return linkedCloneOf(supervisor, source, request, job);
      case 'fork':
        return forkOf(supervisor, source, request, job);
    }
  });
}
