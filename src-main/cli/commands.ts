// What the groups of commands share: how one is declared, and how it gets to the library.
import type { Command } from 'commander';
import type { ControlClient } from '../transport/control-client.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Surroundings } from './surroundings.ts';

export interface Commands {
  around: Surroundings;
  /** Runs with a client of the library, and ends with its exit code. */
  inLibrary(use: (client: ControlClient) => Promise<ExitCode>): Promise<void>;
}

/** A command that prints for people, or JSON for scripts. */
export function declare(parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description).option('--json', 'print JSON');
}
