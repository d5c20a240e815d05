// A running QEMU as this manager sees it: its events, its answers, its end.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../contract/fault.ts';
import type { Problem } from '../contract/problem.ts';
import { untilBeat } from '../lib/beat.ts';
import { processStart } from '../lib/process-identity.ts';
import { createSerial } from '../lib/serial.ts';
import type { QmpClient, QmpEvent } from '../qemu/qmp.ts';
import type { GuestHold } from './console-rotation.ts';
import type { EndFacts } from './how-ended.ts';
import type { RunningRecord } from './run-record.ts';

/** Often enough to see a silent QEMU within seconds, seldom enough to cost nothing: one small exchange for each VM. */
export const pulseMs = 4000;
const pulsePatienceMs = 1500;
/** A QEMU that closed its monitor flushes disks before it is gone. */
const endPatienceMs = 15_000;
const endPollMs = 50;
/** Between the end of a child and the news of how it ended: one turn of the event loop, more on a busy computer. */
const exitNewsMs = 2000;

/** QEMU's own choice for a write that finds no room (`werror=enospc`): the guest waits instead of losing data. */
const diskStopped: Problem = {
  rule: 'disk-stopped',
  field: '/disks',
  severity: 'warning',
  message:
    'QEMU could not write to a disk image, most likely because the disk of this computer is full, and paused the guest so that nothing is lost. Free some space, then resume it; its log names the image and the reason.',
};

export interface LiveRunListener {
  changed(): void;
  note(text: string): void;
  /** `record` is another one now, and should outlive this manager. */
  recordChanged(): void;
  /** Now and then while QEMU answers: time for upkeep. */
  pulse(): void;
  /** The process is gone. */
  ended(): Promise<void>;
  /** The connection is gone and the process is not. */
  lost(): Promise<void>;
}

export interface LiveRunOptions {
  record: RunningRecord;
  qmp: QmpClient;
  /** Left out for a QEMU that another manager started. */
  child?: ChildProcess | undefined;
  listener: LiveRunListener;
}

export class LiveRun {
  record: RunningRecord;
  readonly qmp: QmpClient;
  /** Commands that stop and continue the guest, one after the other. */
  readonly inTurn = createSerial();
  status: 'running' | 'paused' = 'running';
  /** ISO 8601. */
  silentSince: string | undefined;
  /** What QEMU made otherwise than asked, and what is the matter with this run, by rule. */
  private readonly found = new Map<string, Problem>();
  forceStopAsked = false;
  /** Its memory is on disk, and QEMU is to end. */
  savedAsked = false;
  /** A console has printed since the start. */
  printed = false;
  /** Boot files that are others now than those that QEMU read. */
  changedFiles: readonly string[] = [];
  private readonly listener: LiveRunListener;
  private readonly isChild: boolean;
  private exit: EndFacts['exit'];
  private announced: EndFacts['announced'];
  private panicked = false;
  /** The guest stands still for a moment, which is nobody's business. */
  private held = false;
  private timer: NodeJS.Timeout | undefined;
  private over = false;
  private readonly end: Promise<void>;
  /** Its end was dealt with, or it was let go of. */
  readonly finished: Promise<void>;

  constructor({ record, qmp, child, listener }: LiveRunOptions) {
    this.record = record;
    this.qmp = qmp;
    this.listener = listener;
    this.isChild = child !== undefined;
    this.end = new Promise((resolve) => {
      child?.once('exit', (code, signal) => {
        this.exit = { code, signal };
        resolve();
      });
      if (child && (child.exitCode !== null || child.signalCode !== null)) {
        this.exit = { code: child.exitCode, signal: child.signalCode };
        resolve();
      }
    });
    qmp.onEvent((event) => this.receive(event));
    this.finished = this.watchEnd();
    this.schedulePulse();
  }

  /** Asks QEMU how the guest is; throws what `QmpClient.execute` throws. */
  async refreshStatus(timeoutMs?: number): Promise<void> {
    const answer = await this.qmp.execute<{ status: string }>(
      'query-status',
      undefined,
      timeoutMs === undefined ? undefined : { timeoutMs },
    );
    this.setFinding(diskStopped.rule, answer.status === 'io-error' ? diskStopped : undefined);
    if (!this.held) this.setStatus(answer.status === 'running' ? 'running' : 'paused');
  }

  /** QEMU is gone, or was let go of. */
  get isOver(): boolean {
    return this.over;
  }

  get findings(): Problem[] {
    return [...this.found.values()];
  }

  /** `undefined`: it is no longer so. Returns whether that is news. */
  setFinding(rule: string, problem: Problem | undefined): boolean {
    if (JSON.stringify(this.found.get(rule)) === JSON.stringify(problem)) return false;
    if (problem) this.found.set(rule, problem);
    else this.found.delete(rule);
    this.listener.changed();
    return true;
  }

  setStatus(status: 'running' | 'paused'): void {
    if (this.status === status) return;
    this.status = status;
    this.listener.changed();
  }

  /** null when there is no need: the guest stands still already. */
  hold(): GuestHold | null {
    if (this.status === 'paused') return null;
    return {
      stop: async () => {
        this.held = true;
        await this.qmp.execute('stop');
      },
      resume: async () => {
        try {
          await this.qmp.execute('cont');
        } finally {
          this.held = false;
        }
      },
    };
  }

  /** The guest stands still and goes on in the course of `work`, and nobody need know. */
  async quietly<T>(work: () => Promise<T>): Promise<T> {
    this.held = true;
    try {
      return await work();
    } finally {
      this.held = false;
      if (!this.over) await this.refreshStatus().catch(() => undefined);
    }
  }

  endFacts(socketRemains: boolean): EndFacts {
    return {
      announced: this.announced,
      forceStopAsked: this.forceStopAsked,
      savedAsked: this.savedAsked,
      shutdownAsked: this.record.shutdownRequestedAt !== undefined,
      panicked: this.panicked,
      exit: this.exit,
      watched: true,
      socketRemains,
    };
  }

  /** Resolves to false when the process is still there after `timeoutMs`. */
  async waitForEnd(timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    while (await this.isAlive()) {
      const left = deadline - Date.now();
      if (left <= 0) return false;
      await Promise.race([this.end, sleep(Math.min(endPollMs, left))]);
    }
    return true;
  }

  async isAlive(): Promise<boolean> {
    return this.exit === undefined && (await processStart(this.record.pid)) === this.record.processStart;
  }

  /** Lets go of QEMU, which runs on. */
  release(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.qmp.close();
  }

  private async watchEnd(): Promise<void> {
    await Promise.race([this.qmp.closed, this.end]);
    if (this.over) return;
    const gone = await this.waitForEnd(endPatienceMs);
    // The process table tells that it is gone before the child's own event tells how.
    if (gone && this.isChild) {
      // A manager that is asked to end meanwhile is not kept by the wait for what has come already.
      await Promise.race([this.end, sleep(exitNewsMs, undefined, { ref: false })]);
    }
    if (this.over) return;
    this.release();
    await (gone ? this.listener.ended() : this.listener.lost());
  }

  private schedulePulse(): void {
    this.timer = setTimeout(() => void this.pulse(), untilBeat(pulseMs));
    this.timer.unref();
  }

  private async pulse(): Promise<void> {
    try {
      await this.refreshStatus(pulsePatienceMs);
      this.setSilent(undefined);
      this.listener.pulse();
    } catch (error) {
      // A connection that ends is no silence: the end is dealt with elsewhere.
      if (!this.over && error instanceof Fault && error.code === 'qemu-silent') {
        this.setSilent(this.silentSince ?? new Date(Date.now() - pulsePatienceMs).toISOString());
      }
    }
    if (!this.over) this.schedulePulse();
  }

  private setSilent(since: string | undefined): void {
    if (this.silentSince === since) return;
    this.silentSince = since;
    this.listener.note(since === undefined ? 'QEMU answers again.' : 'QEMU does not answer.');
    this.listener.changed();
  }

  private receive({ event, data }: QmpEvent): void {
    switch (event) {
      case 'STOP':
        if (!this.held) this.setStatus('paused');
        break;
      case 'RESUME':
        if (!this.held) this.setStatus('running');
        break;
      case 'SHUTDOWN':
        this.announced = { guest: data.guest === true, reason: String(data.reason) };
        this.listener.note(
          data.guest === true ? 'The guest shut itself down.' : `QEMU shuts down (${data.reason}).`,
        );
        break;
      case 'RESET':
        this.receiveReset(data.guest === true);
        break;
      case 'GUEST_PANICKED':
        this.panicked = true;
        this.listener.note('The guest reported that its kernel panicked.');
        break;
      case 'BLOCK_IO_ERROR':
        // Disks of `-blockdev` have a node and no device name; ours is the disk's id.
        this.listener.note(
          `Disk ${data['node-name'] || data.device}: ${data.reason} (${data.operation}, then: ${data.action}).`,
        );
        break;
      default:
        break; // everything else is of no consequence for the VM's state
    }
  }

  private receiveReset(byGuest: boolean): void {
    this.listener.note(byGuest ? 'The guest restarted itself.' : 'The VM was reset.');
    if (this.record.shutdownRequestedAt === undefined) return;
    // It did not shut down, it restarted: the wish is spent.
    const { shutdownRequestedAt: _, ...rest } = this.record;
    this.record = rest;
    this.listener.recordChanged();
    this.listener.changed();
  }
}
