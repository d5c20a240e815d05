// A command line as a person would type it into a POSIX shell: one option per line, quoted where it must be.
import type { ExplainedArgument } from '../../../src-main/contract/vm.ts';
import { shellWord } from '../../components/shell-word.ts';

export function shellCommand(program: string, args: readonly ExplainedArgument[]): string {
  return [[program], ...args.map(({ words }) => words)]
    .map((words) => words.map(shellWord).join(' '))
    .join(' \\\n  ');
}
