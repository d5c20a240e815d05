// The QMP client: the protocol alone, over a unix socket or a pair of streams (QEMU's docs/interop/qmp-spec.rst).
import net from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { Fault } from '../contract/fault.ts';
import { connectFault, endedFault, notQmpFault, silentFault } from './qmp-faults.ts';
import { NotQmp, type QmpMessage, qmpLines } from './qmp-lines.ts';

export interface QmpEvent {
  event: string;
  data: Record<string, unknown>;
  /** When QEMU sent it, in ms since 1970. */
  at: number;
}

export interface QmpGreeting {
  major: number;
  minor: number;
  micro: number;
  /** The distributor's addition, such as `Debian 1:10.0.2+ds-2`; often empty. */
  package: string;
}

export interface QmpClient {
  readonly greeting: QmpGreeting;
  /**
   * Runs one command and gives its `return` value; its shape is the caller's knowledge of QEMU's schema.
   * Throws `QmpRefusal` for an error reply, `Fault` qemu-silent after `timeoutMs` (5,000 when left out),
   * qemu-failed when the connection ends first. After a timeout the connection stays usable.
   */
  execute<T = unknown>(command: string, args?: object, options?: { timeoutMs?: number }): Promise<T>;
  /** Returns the function that takes the listener away. */
  onEvent(listener: (event: QmpEvent) => void): () => void;
  /** Resolves when the connection has ended, for whatever reason. */
  readonly closed: Promise<void>;
  close(): void;
}

export interface QmpStreams {
  input: Readable;
  output: Writable;
  /** Ends both. */
  close(): void;
}

export const defaultTimeoutMs = 5_000;

/** QEMU answered a command with an error. */
export class QmpRefusal extends Fault {
  /** QEMU's error class: `GenericError`, `CommandNotFound`, `DeviceNotFound`, … */
  readonly errorClass: string;
  /** QEMU's own sentence. */
  readonly description: string;

  constructor(command: string, errorClass: string, description: string) {
    super({
      code: 'qemu-failed',
      message: `QEMU refused the command ${command}.`,
      remedy: 'The details hold its reason.',
      detail: description,
    });
    this.errorClass = errorClass;
    this.description = description;
  }
}

const greetingMessage = z.object({
  QMP: z.object({
    version: z.object({
      qemu: z.object({ major: z.int(), minor: z.int(), micro: z.int() }),
      package: z.string(),
    }),
  }),
});

const errorReply = z.object({ error: z.object({ class: z.string(), desc: z.string() }) });

const eventMessage = z.object({
  event: z.string(),
  data: z.record(z.string(), z.unknown()).default({}),
  timestamp: z.object({ seconds: z.number(), microseconds: z.number() }),
});

interface Pending {
  command: string;
  resolve(value: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

class Connection {
  greeting: QmpGreeting | undefined;
  readonly closed: Promise<void>;
  readonly #streams: QmpStreams;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(event: QmpEvent) => void>();
  #nextId = 1;
  #ended: Fault | undefined;
  #onGreeting: { resolve(): void; reject(error: Error): void } | undefined;
  #resolveClosed: () => void = () => undefined;

  constructor(streams: QmpStreams) {
    this.#streams = streams;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    const lines = qmpLines();
    streams.input.on('data', (chunk: Uint8Array) => {
      if (this.#ended) return;
      try {
        for (const message of lines(chunk)) this.#receive(message);
      } catch (error) {
        if (!(error instanceof NotQmp)) throw error;
        this.#end(notQmpFault(error.message));
      }
    });
    for (const stream of [streams.input, streams.output]) {
      stream.on('error', (error: Error) => this.#end(endedFault('its commands', error.message)));
      stream.on('close', () => this.#end(endedFault('its commands', undefined)));
    }
    streams.input.on('end', () => this.#end(endedFault('its commands', undefined)));
  }

  waitForGreeting(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      if (this.greeting) return resolve();
      const timer = setTimeout(() => reject(silentFault('the connection', timeoutMs)), timeoutMs);
      const settle = (then: () => void) => {
        clearTimeout(timer);
        then();
      };
      this.#onGreeting = { resolve: () => settle(resolve), reject: (error) => settle(() => reject(error)) };
    });
  }

  execute<T>(command: string, args?: object, options?: { timeoutMs?: number }): Promise<T> {
    const timeoutMs = options?.timeoutMs ?? defaultTimeoutMs;
    return new Promise<T>((resolve, reject) => {
      if (this.#ended) return reject(endedFault(command, this.#ended.data.detail));
      const id = this.#nextId++;
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(silentFault(command, timeoutMs));
      }, timeoutMs);
      this.#pending.set(id, { command, resolve: (value) => resolve(value as T), reject, timer });
      this.#streams.output.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    });
  }

  onEvent(listener: (event: QmpEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#end(endedFault('its commands', undefined));
  }

  #receive(message: QmpMessage): void {
    if ('QMP' in message) this.#greet(message);
    else if ('event' in message) this.#emit(message);
    else if ('return' in message || 'error' in message) this.#settle(message);
    else throw new NotQmp(JSON.stringify(message).slice(0, 200));
  }

  #greet(message: QmpMessage): void {
    const parsed = greetingMessage.safeParse(message);
    if (!parsed.success) throw new NotQmp(JSON.stringify(message).slice(0, 200));
    const { qemu, package: distributor } = parsed.data.QMP.version;
    this.greeting = { ...qemu, package: distributor };
    this.#onGreeting?.resolve();
  }

  #emit(message: QmpMessage): void {
    const parsed = eventMessage.safeParse(message);
    if (!parsed.success) throw new NotQmp(JSON.stringify(message).slice(0, 200));
    const { event, data, timestamp } = parsed.data;
    const at = timestamp.seconds * 1000 + timestamp.microseconds / 1000;
    for (const listener of [...this.#listeners]) listener({ event, data, at });
  }

  #settle(message: QmpMessage): void {
    const failure = errorReply.safeParse(message);
    const { id } = message;
    if (typeof id !== 'number') {
      // QEMU could not even parse a command, so it cannot say which: no answer to any of them is certain.
      if (failure.success) this.#rejectAll(({ command }) => refusal(command, failure.data.error));
      return;
    }
    const pending = this.#pending.get(id);
    if (!pending) return; // came after its timeout
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    if (failure.success) pending.reject(refusal(pending.command, failure.data.error));
    else pending.resolve(message.return);
  }

  #rejectAll(why: (pending: Pending) => Error): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of all) {
      clearTimeout(pending.timer);
      pending.reject(why(pending));
    }
  }

  #end(reason: Fault): void {
    if (this.#ended) return;
    this.#ended = reason;
    this.#onGreeting?.reject(reason);
    const known = reason.code === 'qemu-broken' ? reason : undefined;
    this.#rejectAll(({ command }) => known ?? endedFault(command, reason.data.detail));
    this.#listeners.clear();
    this.#streams.close();
    this.#resolveClosed();
  }
}

function refusal(command: string, error: { class: string; desc: string }): QmpRefusal {
  return new QmpRefusal(command, error.class, error.desc);
}

/**
 * Waits for the greeting and leaves negotiation mode. `timeoutMs` limits each of the two.
 * Throws `Fault` qemu-silent, qemu-failed, qemu-broken; the streams are closed then.
 */
export async function openQmp(streams: QmpStreams, options: { timeoutMs?: number } = {}): Promise<QmpClient> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const connection = new Connection(streams);
  try {
    await connection.waitForGreeting(timeoutMs);
    await connection.execute('qmp_capabilities', undefined, { timeoutMs });
    const { greeting } = connection;
    if (!greeting) throw notQmpFault('no greeting');
    return {
      greeting,
      closed: connection.closed,
      execute: (command, args, options) => connection.execute(command, args, options),
      onEvent: (listener) => connection.onEvent(listener),
      close: () => connection.close(),
    };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * Connects to QEMU's QMP socket. Throws `Fault` not-found when nothing listens there (a stale socket, or none),
 * qemu-silent when QEMU does not answer, or answers another client: QEMU talks to one at a time.
 */
export async function connectQmp(
  socketPath: string,
  options: { timeoutMs?: number } = {},
): Promise<QmpClient> {
  const socket = net.connect(socketPath);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (error) => reject(connectFault(socketPath, error)));
  });
  return openQmp({ input: socket, output: socket, close: () => socket.destroy() }, options);
}
