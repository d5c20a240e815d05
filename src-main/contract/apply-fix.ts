// Applies a problem's fix to a definition: what the one-click button does, the same in renderer and main.
import { type VmDefinition, vmDefinition } from './definition.ts';
import { Fault } from './fault.ts';
import type { Json } from './json.ts';
import type { Fix } from './problem.ts';

type Container = Json[] | { [key: string]: Json };
type Step = Fix['steps'][number];

const isContainer = (value: Json | undefined): value is Container =>
  typeof value === 'object' && value !== null;

function stale(detail: string): Fault {
  return new Fault({
    code: 'bad-input',
    message: 'The fix no longer fits this definition.',
    remedy: 'Look at the problems again: the definition has changed since the fix was offered.',
    detail,
  });
}

/** RFC 6901: `~1` is `/`, `~0` is `~`. */
function tokens(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function member(container: Container, token: string): Json | undefined {
  if (Array.isArray(container)) return container[Number(token)];
  return Object.hasOwn(container, token) ? container[token] : undefined;
}

/** An index of the array; its length (or RFC 6902's `-`) names the place behind the last element. */
function arrayIndex(array: Json[], token: string, path: string): number {
  if (token === '-') return array.length;
  const index = Number(token);
  if (!/^\d+$/.test(token) || index > array.length) throw stale(`No place for ${path}.`);
  return index;
}

function parentOf(root: Container, path: string): { parent: Container; last: string } {
  const names = tokens(path);
  const last = names.pop();
  if (last === undefined || names.includes('__proto__') || last === '__proto__') {
    throw stale(`Cannot change "${path}".`);
  }
  let parent: Container = root;
  for (const name of names) {
    const next = member(parent, name);
    if (!isContainer(next)) throw stale(`Nothing at ${path}.`);
    parent = next;
  }
  return { parent, last };
}

function applyStep(root: Container, step: Step): void {
  const { parent, last } = parentOf(root, step.path);
  switch (step.op) {
    case 'set':
      if (Array.isArray(parent)) parent[arrayIndex(parent, last, step.path)] = structuredClone(step.value);
      else parent[last] = structuredClone(step.value);
      return;
    case 'remove':
      if (Array.isArray(parent)) parent.splice(arrayIndex(parent, last, step.path), 1);
      else delete parent[last];
      return;
  }
}

/**
 * A new definition with every step of the fix applied in order; the given one is left alone.
 * Throws `Fault` `bad-input` when a step has no place in the definition, or the result is not a valid one.
 */
export function applyFix(definition: VmDefinition, fix: Fix): VmDefinition {
  const draft = structuredClone(definition) as unknown as Container;
  for (const step of fix.steps) applyStep(draft, step);
  const result = vmDefinition.safeParse(draft);
  if (!result.success) throw stale(result.error.message);
  return result.data;
}
