// Subscriptions that survive a lost connection: subscribing again is how they catch up.
import { untilConnected } from './connection.ts';

/**
 * Consumes a stream of the server's until the returned function is called. When the stream ends or fails it is
 * opened again, after the connection is back; the server begins each stream with the whole truth.
 */
export function subscribe<Event>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<Event>>,
  onEvent: (event: Event) => void,
  onError?: (error: unknown) => void,
): () => void {
  const controller = new AbortController();
  void consume(open, onEvent, onError, controller.signal);
  return () => controller.abort();
}

const pauseMs = 1000;

async function consume<Event>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<Event>>,
  onEvent: (event: Event) => void,
  onError: ((error: unknown) => void) | undefined,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await untilConnected(signal);
    if (signal.aborted) return;
    try {
      for await (const event of await open(signal)) {
        if (signal.aborted) return;
        onEvent(event);
      }
    } catch (error) {
      if (!signal.aborted) onError?.(error);
    }
    if (signal.aborted) return;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
