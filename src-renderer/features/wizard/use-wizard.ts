// The wizard's state joined to main: suggestions come in, every change is checked, Create creates.
import { useReducer, useState } from 'react';
import { applyFix } from '../../../src-main/contract/apply-fix.ts';
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import type { FaultData } from '../../../src-main/contract/fault.ts';
import type { WizardSource } from '../../../src-main/contract/vm.ts';
import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';
import { errorsOf } from '../../components/definition/findings.ts';
import type { DefinitionForm } from '../../components/definition/form.ts';
import { type Refit, useRefit } from '../../components/definition/use-refit.ts';
import { navigate } from '../../routes.ts';
import { reasonFor } from './reasons.ts';
import { missingOf, type SourceKind, sourceOf } from './source.ts';
import { initialWizard, isSettled, reduceWizard, type WizardAction, type WizardState } from './state.ts';
import { type CheckState, useCheck } from './use-check.ts';
import { type SuggestionState, useSuggestion } from './use-suggestion.ts';

export interface WizardModel {
  readonly state: WizardState;
  readonly source: WizardSource | null;
  readonly suggestion: SuggestionState;
  readonly check: CheckState;
  /** What stands between here and a machine, in one sentence; null when nothing does. */
  readonly obstacle: string | null;
  readonly creating: 'create' | 'start' | null;
  readonly fault: FaultData | null;
  /** The machine being made, for the fields that show it; null before there is one. */
  readonly form: DefinitionForm | null;
  dispatch(action: WizardAction): void;
  create(start: boolean): Promise<void>;
  dismissFault(): void;
}

/** `chosen`: the kind of source to begin with. */
export function useWizard(chosen?: SourceKind): WizardModel {
  const [state, dispatch] = useReducer(reduceWizard, { ...initialWizard, kind: chosen ?? null });
  const [creating, setCreating] = useState<WizardModel['creating']>(null);
  const [fault, setFault] = useState<FaultData | null>(null);
  const source = sourceOf(state.kind, state.drafts);
  const suggestion = useSuggestion(source, (asked, suggested) =>
    dispatch({ type: 'suggested', source: asked, suggestion: suggested }),
  );
  // Of what the first page asks for no longer, or could not get, no verdict stands beside its fields.
  const answered = source !== null && suggestion.fault === null;
  const check = useCheck(answered ? state.request : null, state.page === 'review');
  const refit = useRefit(state.request?.definition);
  const form = formOf(state, check, dispatch, setFault, refit);

  const create = async (start: boolean) => {
    if (state.request === null || creating !== null) return;
    setCreating(start ? 'start' : 'create');
    setFault(null);
    try {
      const vm = await client.vms.create({ request: state.request, start });
      navigate({ page: 'vm', id: vm.id, tab: start ? 'console' : 'overview' });
    } catch (error) {
      const failure = faultOf(error);
      // Whoever cancelled it knows.
      if (failure.code !== 'cancelled') setFault(failure);
      setCreating(null);
    }
  };

  return {
    state,
    source,
    suggestion,
    check,
    obstacle: refit.busy ? 'Fitting the machine to the board…' : obstacleOf(state, source, suggestion, check),
    creating,
    fault,
    form,
    dispatch,
    create,
    dismissFault: () => setFault(null),
  };
}

function formOf(
  state: WizardState,
  check: CheckState,
  dispatch: (action: WizardAction) => void,
  onFault: (fault: FaultData | null) => void,
  { ask }: Refit,
): DefinitionForm | null {
  if (state.request === null) return null;
  const { definition } = state.request;
  const define = (next: VmDefinition) => dispatch({ type: 'define', definition: next });
  const refit = async (machine: string) => {
    try {
      const { result } = await ask(machine);
      dispatch({ type: 'refitted', result });
      onFault(null);
    } catch (error) {
      onFault(faultOf(error));
    }
  };
  return {
    definition,
    problems: check.problems,
    disabled: false,
    change: (change) => define({ ...definition, ...change }),
    fix: (fix) => {
      try {
        define(applyFix(definition, fix));
        onFault(null);
      } catch (error) {
        onFault(faultOf(error));
      }
    },
    reason: (field) => reasonFor(state, field),
    changeBoard: (machine) => void refit(machine),
  };
}

function obstacleOf(
  state: WizardState,
  source: WizardSource | null,
  suggestion: SuggestionState,
  check: CheckState,
): string | null {
  const missing = missingOf(state.kind, state.drafts);
  if (missing !== null) return missing;
  if (suggestion.fault !== null) return suggestion.fault.message;
  if (!isSettled(state, source)) return 'Working out the machine…';
  if (check.fault !== null) return check.fault.message;
  const errors = errorsOf(check.problems);
  if (errors.length > 0)
    return errors.length === 1
      ? 'One problem is to be solved first.'
      : `${errors.length} problems are to be solved first.`;
  return check.busy ? 'Checking the machine…' : null;
}
