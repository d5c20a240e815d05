// A small app core for the transports' own tests: a few procedures, tickets, and a console that echoes.
import { implement } from '@orpc/server';
import type { TicketUse } from '../api/context.ts';
import { contract } from '../contract/index.ts';
import type { ByteChannel } from '../lib/byte-channel.ts';
import { Tickets } from '../lib/tickets.ts';
import type { Served } from './served.ts';

const os = implement(contract);

export interface ServedFixture extends Served {
  tickets: Tickets<TicketUse>;
  /** A ticket for a console that sends back what it gets. */
  echoTicket(): string;
  /** Iterators of `vms.watch` that have not ended. */
  watching: number;
  channels: ByteChannel[];
}

export function servedFixture(): ServedFixture {
  const tickets = new Tickets<TicketUse>(30_000);
  const fixture: ServedFixture = {
    tickets,
    watching: 0,
    channels: [],
    redeem: (ticket) => tickets.redeem(ticket),
    echoTicket: () =>
      tickets.issue({
        kind: 'console',
        attach(channel) {
          fixture.channels.push(channel);
          channel.onFrame((frame) => channel.send(frame));
        },
      }),
    // Only the procedures that these tests call are there.
    router: {
      console: { open: os.console.open.handler(() => ({ ticket: fixture.echoTicket() })) },
      vms: {
        start: os.vms.start.handler(({ input, errors }) => {
          throw errors.FAULT({
            data: { code: 'wrong-state', message: `VM ${input.id} runs already.`, remedy: 'Use it.' },
          });
        }),
        watch: os.vms.watch.handler(async function* ({ signal }) {
          fixture.watching += 1;
          try {
            yield { type: 'all', seq: 1, vms: [] };
            await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
          } finally {
            fixture.watching -= 1;
          }
        }),
      },
    } as unknown as Served['router'],
  };
  return fixture;
}
