// What the command line's exit codes mean; --help prints this.
export const exitCode = {
  ok: 0,
  /** The answer is no: `check` found a problem, a VM did not stop in time, `send` did not see its pattern. */
  no: 1,
  /** A wrong command line, or something that went wrong. */
  fault: 2,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

export const exitCodeHelp = `
Exit codes:
  0  done
  1  the answer is no: check found a problem, a VM did not stop in time, send did not see its pattern
  2  a wrong command line or a fault; stderr says what, and what to do`;
