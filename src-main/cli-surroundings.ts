// What the command line gets from a process: its terminal, its environment, and the app core of this installation.
import type { Surroundings } from './cli/surroundings.ts';
import { type Installation, openApp } from './installation.ts';

export function surroundingsOf(installation: Installation): Surroundings {
  // "armoire list | head": whoever reads has had enough, which is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    env: process.env,
    version: installation.version,
    resourcesDir: installation.resourcesDir,
    rendererDir: installation.rendererDir,
    openCore: (directories) => openApp(installation, { mode: 'browser', directories, shell: {} }),
    terminal: { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
    onInterrupt(listener) {
      for (const signal of endingSignals) process.on(signal, listener);
      return () => {
        for (const signal of endingSignals) process.off(signal, listener);
      };
    },
  };
}

/** Not SIGHUP: listening for it would undo nohup. */
const endingSignals = ['SIGINT', 'SIGTERM'] as const;
