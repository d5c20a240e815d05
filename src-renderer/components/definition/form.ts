// What the fields of a definition are given, whoever shows them: the wizard makes one, the Hardware tab edits one.
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import type { Fix, Problem } from '../../../src-main/contract/problem.ts';
import { problemsAt } from './findings.ts';

export interface DefinitionForm {
  readonly definition: VmDefinition;
  readonly problems: readonly Problem[];
  readonly disabled: boolean;
  change(change: Partial<VmDefinition>): void;
  fix(fix: Fix): void;
  /** Why a field has the value that was suggested; undefined once it has another, or nothing was suggested. */
  reason(field: string): string | undefined;
  /** Another machine type, and whatever has to change with it. */
  changeBoard(machine: string): void;
}

/** What the control of these fields takes: their problems and fixes, and whether it can be changed. */
export function controlProps(form: DefinitionForm, ...fields: string[]) {
  return {
    problems: problemsAt(form.problems, ...fields),
    onFix: form.disabled ? undefined : form.fix,
    disabled: form.disabled,
  };
}
