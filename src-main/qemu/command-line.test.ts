import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type VmDefinition, vmDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import { explainedArgument } from '../contract/vm.ts';
import { commandLine } from './command-line.ts';
import type { Launch } from './launch.ts';
import { definitionWith, launchWith } from './testing.ts';

/**
 * Each case is what differs from a plain `virt` (testing.ts), and the command line it makes: one option a line with
 * the setting it comes from. UPDATE_GOLDEN=1 writes them anew; the diff is then for a person to judge.
 */
const directory = path.join(import.meta.dirname, 'golden');
const inputEnding = '.in.json';
const names = readdirSync(directory)
  .filter((file) => file.endsWith(inputEnding))
  .map((file) => file.slice(0, -inputEnding.length));

const goldenInput = z.strictObject({
  definition: z.custom<Partial<VmDefinition>>().optional(),
  launch: z.custom<Partial<Launch>>().optional(),
});

function read(name: string): { definition: VmDefinition; launch: Launch } {
  const text = readFileSync(path.join(directory, `${name}${inputEnding}`), 'utf8');
  const { definition = {}, launch = {} } = goldenInput.parse(JSON.parse(text));
  return { definition: definitionWith(definition), launch: launchWith(launch) };
}

function header({ version, host, accelerator }: Launch): string {
  return `# QEMU ${version.text} on ${host.platform} ${host.arch}, ${accelerator}\n`;
}

function rendered(definition: VmDefinition, launch: Launch): string {
  try {
    const lines = commandLine(definition, launch).map(
      ({ words, setting }) => `[${setting ?? 'always'}] ${words.join(' ')}\n`,
    );
    return header(launch) + lines.join('');
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { code, field, message, remedy } = error.data;
    return `${header(launch)}refused: ${code} at ${field ?? 'nothing'}\n${message}\n${remedy}\n`;
  }
}

test.each(names)('makes the known command line: %s', (name) => {
  const { definition, launch } = read(name);
  const made = rendered(definition, launch);
  const file = path.join(directory, `${name}.args`);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, made);
  expect(made).toBe(readFileSync(file, 'utf8'));
  expect(made.includes('\nrefused: ')).toBe(name.startsWith('refused-'));
});

test('every golden file has its case', () => {
  const orphans = readdirSync(directory).filter(
    (file) => file.endsWith('.args') && !names.includes(file.slice(0, -'.args'.length)),
  );
  if (process.env.UPDATE_GOLDEN === '1') for (const file of orphans) rmSync(path.join(directory, file));
  else expect(orphans).toEqual([]);
});

test.each(names.filter((name) => !name.startsWith('refused-')))('explains each argument of %s', (name) => {
  const { definition, launch } = read(name);
  expect(vmDefinition.safeParse(definition).error).toBeUndefined();
  for (const argument of commandLine(definition, launch)) {
    expect(explainedArgument.safeParse(argument).error).toBeUndefined();
    expect(argument.words.length, argument.words.join(' ')).toBeLessThanOrEqual(2);
    expect(argument.words[0]).toMatch(/^-[a-zA-Z-]+$/);
    expect(argument.why).toMatch(/^[A-Z“].*\.$/s);
    if (argument.setting !== null) expect(valueAt(definition, argument.setting)).toBeDefined();
  }
});

function valueAt(definition: VmDefinition, pointer: string): unknown {
  const tokens = pointer.split('/').slice(1);
  return tokens.reduce<unknown>((value, token) => Reflect.get(Object(value), token), definition);
}

test('is a pure function: nothing of its inputs changes, and the same comes out again', () => {
  const { definition, launch } = read('uefi-disks');
  const before = structuredClone({ definition, launch });
  expect(commandLine(definition, launch)).toEqual(commandLine(definition, launch));
  expect({ definition, launch }).toEqual(before);
});
