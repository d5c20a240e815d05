// The typed client: every procedure of the contract, over whichever link stands at the moment of the call.
import { createORPCClient, DynamicLink } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../src-main/contract/index.ts';
import { currentLink } from './connection.ts';

const link = new DynamicLink(async () => (await currentLink()).link);

export const client: ContractRouterClient<Contract> = createORPCClient(link);
