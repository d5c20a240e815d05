// Cuts a byte stream into QMP messages: one JSON object a line (QEMU's docs/interop/qmp-spec.rst).

/** The largest known reply, `query-qmp-schema`, is about 0.25 MB: a line this long is not QMP. */
const longestLineBytes = 64 * 1024 * 1024;

const newline = 0x0a;

export type QmpMessage = Record<string, unknown>;

/** Thrown by the function that `qmpLines` returns when the peer does not speak QMP. */
export class NotQmp extends Error {}

/**
 * A function to feed with chunks as they come; it returns the messages that are complete by now.
 * Bytes are joined before they are decoded: a chunk may end inside of a character.
 */
export function qmpLines(): (chunk: Uint8Array) => QmpMessage[] {
  let parts: Uint8Array[] = [];
  let length = 0;

  return (chunk) => {
    const messages: QmpMessage[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      parts.push(chunk.subarray(start, end));
      const line = Buffer.concat(parts).toString('utf8').trim();
      parts = [];
      length = 0;
      start = end + 1;
      if (line !== '') messages.push(parseMessage(line));
    }
    const rest = chunk.subarray(start);
    length += rest.length;
    if (length > longestLineBytes) throw new NotQmp(`a line of more than ${longestLineBytes} bytes`);
    if (rest.length > 0) parts.push(rest);
    return messages;
  };
}

function parseMessage(line: string): QmpMessage {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new NotQmp(line.slice(0, 200));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NotQmp(line.slice(0, 200));
  return value as QmpMessage;
}
