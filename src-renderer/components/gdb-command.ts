// The line that attaches a debugger to a machine's GDB stub.
import type { VmDefinition } from '../../src-main/contract/definition.ts';
import { shellWord } from './shell-word.ts';

/** The first ELF that the machine starts: what a debugger reads symbols from. */
function debuggedFile({ boot, loaders }: VmDefinition): string | undefined {
  if (boot.kind === 'elf') return boot.file;
  return loaders.find(({ address }) => address === undefined)?.file;
}

/** `ownDirectory`: where the machine's own files lie; left out while there is none: those files are not named then. */
export function gdbCommand(definition: VmDefinition, ownDirectory?: string): string {
  const words = ['gdb-multiarch', '-ex', `target remote 127.0.0.1:${definition.debug.gdb.port}`];
  const file = debuggedFile(definition);
  const isAbsolute = file !== undefined && /^([/\\]|[A-Za-z]:[/\\])/.test(file);
  if (isAbsolute) words.push(file);
  else if (file !== undefined && ownDirectory !== undefined) words.push(`${ownDirectory}/${file}`);
  return words.map(shellWord).join(' ');
}
