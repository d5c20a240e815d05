// Anything that a call can throw, as fault data to show.
import { ORPCError } from '@orpc/client';
import { type FaultData, faultData, toFaultData } from '../../src-main/contract/fault.ts';
import { ConnectionLost } from './connection.ts';

export function faultOf(error: unknown): FaultData {
  if (error instanceof ORPCError) {
    const parsed = faultData.safeParse(error.data);
    if (parsed.success) return parsed.data;
  }
  if (error instanceof ConnectionLost) return lost;
  if (error instanceof DOMException && error.name === 'AbortError') return cancelled;
  return toFaultData(error);
}

const lost: FaultData = {
  code: 'internal',
  message: 'The connection to Armoire is lost, so this was not done.',
  remedy: 'Virtual machines keep running. Try again when the connection is back.',
};

const cancelled: FaultData = {
  code: 'cancelled',
  message: 'Cancelled.',
  remedy: 'Start it again whenever you like.',
};
