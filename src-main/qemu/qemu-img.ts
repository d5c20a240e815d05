// Runs qemu-img: its words become faults, its progress percents, a signal its end.
import { execa } from 'execa';
import { Fault } from '../contract/fault.ts';
import { imageFault } from './image-failures.ts';
import { qemuEnvironment } from './process-environment.ts';

export interface ImgRun {
  imgPath: string;
  /** The image that a failure is about. */
  image: string;
  signal?: AbortSignal | undefined;
  /** Percent, 0 to 100; `args` must hold `-p`. */
  onProgress?: ((percent: number) => void) | undefined;
  /** Exit codes besides 0 that are answers. */
  answers?: readonly number[];
}

/** Gives what it printed. Throws a `Fault` made of its last words, or cancelled. */
export async function qemuImg(args: readonly string[], run: ImgRun): Promise<string> {
  const { imgPath, image, signal, onProgress, answers = [] } = run;
  const child = execa(imgPath, args, {
    env: qemuEnvironment(),
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    ...(signal ? { cancelSignal: signal } : {}),
  });
  if (onProgress) child.stdout.on('data', (chunk: Buffer) => tellProgress(chunk.toString(), onProgress));
  const result = await child;
  if (result.isCanceled) {
    throw new Fault({
      code: 'cancelled',
      message: 'The work on the image was stopped.',
      remedy: 'Nothing of it is left.',
    });
  }
  if (!result.failed || (result.exitCode !== undefined && answers.includes(result.exitCode))) {
    return result.stdout;
  }
  if (result.isTerminated) throw killed(image, result.signal ?? '');
  throw imageFault(result.stderr || (result.message ?? ''), image);
}

function tellProgress(text: string, onProgress: (percent: number) => void): void {
  const percent = /\((\d+(?:\.\d+)?)\/100%\)\s*$/.exec(text)?.[1];
  if (percent !== undefined) onProgress(Number(percent));
}

function killed(image: string, signal: string): Fault {
  return new Fault({
    code: 'qemu-failed',
    message: `QEMU’s image program was ended from outside while it worked with ${image}.`,
    remedy: 'Try again; where it happens again, the computer may be short of memory.',
    detail: signal,
  });
}
