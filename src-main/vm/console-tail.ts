// Tells when a console's log has grown, while somebody wants to know.
//
// QEMU writes a UART's output byte by byte. While nothing comes, the system's announcement (inotify, kqueue) tells of
// the first byte at once; while much comes, an announcement for each byte would cost more than the guest, and a look
// at the size every few milliseconds finds them all.
import { type FSWatcher, statSync, watch } from 'node:fs';
import { Feed, type Unsubscribe } from '../lib/feed.ts';

/** Between two looks while output flows: a third of a frame on a screen. */
const flowMs = 5;
/** So many looks without a byte, and it flows no more. */
const quietLooks = 20;
/** Where announcements come: only to notice that they do not (a network file system). */
const safetyMs = 1000;
/** Where they do not. */
const pollMs = 25;

type Mode = 'off' | 'announced' | 'flowing' | 'polling';

export class ConsoleTail {
  private readonly file: string;
  private readonly growth = new Feed<void>();
  private mode: Mode = 'off';
  private watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout | undefined;
  private knownSize = -1;
  private quiet = 0;
  /** Growth was found that nobody announced. */
  private unannounced = false;

  constructor(file: string) {
    this.file = file;
  }

  /** The file is looked at as long as there is a subscriber. */
  subscribe(listener: () => void): Unsubscribe {
    const unsubscribe = this.growth.subscribe(listener);
    if (this.growth.size === 1) this.begin();
    return () => {
      unsubscribe();
      if (this.growth.size === 0) this.enter('off');
    };
  }

  /** The file may be there now, or have bytes that were there before: QEMU was started, or has ended. */
  poke(): void {
    if (this.growth.size === 0) return;
    this.begin();
    this.growth.publish();
  }

  private begin(): void {
    this.knownSize = this.size();
    this.enter(this.unannounced ? 'polling' : 'announced');
  }

  private enter(mode: Mode): void {
    this.watcher?.close();
    this.watcher = undefined;
    clearTimeout(this.timer);
    this.mode = mode;
    this.quiet = 0;
    if (mode === 'off') return;
    if (mode === 'announced' && !this.watch()) this.mode = 'polling';
    this.schedule();
    // What came between the last look and the watch.
    if (mode === 'announced') this.look();
  }

  /** False where there is no such file yet (`poke` comes with it), or no watch left on this system. */
  private watch(): boolean {
    try {
      this.watcher = watch(this.file, { persistent: false }, () => {
        if (this.mode === 'announced') this.flow();
      });
      this.watcher.on('error', () => this.enter('polling'));
      return true;
    } catch {
      return false;
    }
  }

  private flow(): void {
    this.enter('flowing');
    this.look();
  }

  private schedule(): void {
    const delay = this.mode === 'announced' ? safetyMs : this.mode === 'flowing' ? flowMs : pollMs;
    this.timer = setTimeout(() => this.onTimer(), delay);
    this.timer.unref();
  }

  private onTimer(): void {
    const grown = this.look();
    if (this.mode === 'announced' && grown) {
      this.unannounced = true;
      this.enter('polling');
      return;
    }
    if (this.mode === 'flowing') {
      this.quiet = grown ? 0 : this.quiet + 1;
      if (this.quiet >= quietLooks) {
        this.enter('announced');
        return;
      }
    }
    if (this.mode !== 'off') this.schedule();
  }

  private look(): boolean {
    const size = this.size();
    if (size === this.knownSize) return false;
    this.knownSize = size;
    this.growth.publish();
    return true;
  }

  private size(): number {
    try {
      return statSync(this.file, { throwIfNoEntry: false })?.size ?? -1;
    } catch {
      // A network disk that does not answer, a right taken away: what comes is seen when it is back.
      return -1;
    }
  }
}
