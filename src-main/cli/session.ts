// A client of the library: through the process that owns it, or through a core opened here for one command.
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../contract/fault.ts';
import type { Directories } from '../lib/directories.ts';
import { serveControl } from '../transport/control.ts';
import { type ControlClient, connectControl } from '../transport/control-client.ts';
import { readOwner } from '../vm/owner.ts';
import type { Surroundings } from './surroundings.ts';

/** An owner that is starting or ending does not answer for a moment. */
const patienceMs = 5_000;
const pauseMs = 100;

/** Throws what `use` throws, Fault `library-in-use` when the owner does not answer, and what opening a core throws. */
export async function withLibrary<T>(
  around: Surroundings,
  directories: Directories,
  use: (client: ControlClient) => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const session = await tryOpen(around, directories).catch((error: unknown) => {
      if (!isPassing(error) || Date.now() > deadline) throw error;
      return undefined;
    });
    if (session) {
      try {
        return await use(session.client);
      } finally {
        await session.close();
      }
    }
    await sleep(pauseMs);
  }
}

interface Session {
  client: ControlClient;
  close(): Promise<void>;
}

async function tryOpen(around: Surroundings, directories: Directories): Promise<Session> {
  const owner = await readOwner(directories.library);
  if (owner === null) return openHere(around, directories);
  const client = await connectControl(owner.controlSocket);
  return { client, close: async () => client.close() };
}

/** The core is reached through its own control socket, as another process would: another command can come meanwhile. */
async function openHere(around: Surroundings, directories: Directories): Promise<Session> {
  const core = await around.openCore(directories);
  try {
    const control = await serveControl({ path: core.controlSocket, served: core });
    const client = await connectControl(core.controlSocket);
    return {
      client,
      async close() {
        client.close();
        await control.close();
        await core.close();
      },
    };
  } catch (error) {
    await core.close();
    throw error;
  }
}

/** `not-found`: the owner has no socket yet, or no more. `library-in-use`: someone was quicker. */
function isPassing(error: unknown): boolean {
  return error instanceof Fault && (error.code === 'not-found' || error.code === 'library-in-use');
}
