import type { CloneKind } from '../contract/snapshot.ts';
import type { Machine } from './machine.ts';
import type { Supervisor } from './supervisor.ts';
export interface CloneRequest {
  id: string;
  name: string;
  kind: CloneKind;
  snapshot: string | null;
  start: boolean;
}
export async function cloneMachine(_supervisor: Supervisor, _request: CloneRequest): Promise<Machine> {
  throw new Error('to come');
}
