// Problems sorted to where they are shown: beside their field, or where no field shows them.
import type * as z from 'zod';
import { type VmDefinition, vmDefinition } from '../../../src-main/contract/definition.ts';
import type { Problem } from '../../../src-main/contract/problem.ts';

const severities = { error: 0, warning: 1, hint: 2 } as const;

/** Problems of a field and of what is inside of it: `/disks/0` has those of `/disks/0/file`. Worst first. */
export function problemsAt(problems: readonly Problem[], ...pointers: string[]): Problem[] {
  return problems
    .filter((problem) =>
      pointers.some((pointer) => problem.field === pointer || problem.field.startsWith(`${pointer}/`)),
    )
    .sort((a, b) => severities[a.severity] - severities[b.severity]);
}

/** Problems that none of these fields shows: they are shown all the same. */
export function problemsBeside(problems: readonly Problem[], ...pointers: string[]): Problem[] {
  const seen = new Set(problemsAt(problems, ...pointers));
  return problems.filter((problem) => !seen.has(problem));
}

export function errorsOf(problems: readonly Problem[]): Problem[] {
  return problems.filter((problem) => problem.severity === 'error');
}

/** What the schema itself refuses, as problems: such a definition cannot even be sent to be checked. */
export function schemaProblems(definition: VmDefinition): Problem[] {
  const parsed = vmDefinition.safeParse(definition);
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => ({
    rule: 'schema',
    field: pointerOf(issue.path),
    severity: 'error' as const,
    message: words(issue),
  }));
}

/** Bounds that the schema gives no words of its own, as a reader says them. */
function words(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_big' && issue.message.startsWith('Too big')) return `At most ${issue.maximum}.`;
  if (issue.code === 'too_small' && issue.message.startsWith('Too small'))
    return `At least ${issue.minimum}.`;
  return issue.message;
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
