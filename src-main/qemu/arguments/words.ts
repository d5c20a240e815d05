// One option of the command line, its escaping, and the refusal of what it cannot carry.
import path from 'node:path';
import { Fault } from '../../contract/fault.ts';
import type { ExplainedArgument } from '../../contract/vm.ts';

/**
 * A value inside of `key=value,…`: only the comma means something there, and a second one takes its meaning away
 * (QEMU util/qemu-option.c get_opt_value). Equals signs, quotes, spaces and dashes are themselves.
 */
export function optionValue(text: string): string {
  return text.replaceAll(',', ',,');
}

/** Joins `key=value` pairs and bare words into one option's value; an undefined one is left out. */
export function optionList(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(',');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const controlCharacter = /[\u0000-\u001f\u007f]/;

/**
 * One option with at most one value. Throws `Fault` bad-input for control characters: NUL ends a program's
 * argument, and a line break in a name or path would forge lines in logs and in the shown command.
 */
export function argument(words: string[], setting: string | null, why: string): ExplainedArgument {
  for (const word of words) {
    if (!controlCharacter.test(word)) continue;
    throw new Fault({
      code: 'bad-input',
      message: `The value for ${words[0] ?? 'an option'} holds a line break or another control character.`,
      remedy: 'Take it out: QEMU cannot be given such a value.',
      ...(setting === null ? {} : { field: setting }),
      detail: JSON.stringify(word),
    });
  }
  return { words, setting, why };
}

/** A definition that cannot be put into a command line; the rules find these first, this is the last line of defence. */
export function refused(field: string, message: string, remedy: string): Fault {
  return new Fault({ code: 'bad-input', message, remedy, field });
}

/** A file of the definition: relative ones lie in the VM's directory. */
export function resolveFile(vmDirectory: string, file: string): string {
  return path.resolve(vmDirectory, file);
}
