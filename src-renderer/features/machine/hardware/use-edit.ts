// An edit of a VM's definition joined to the main side: followed, checked, proved by QEMU, saved.
import { useEffect, useReducer, useState } from 'react';
import { applyFix } from '../../../../src-main/contract/apply-fix.ts';
import type { VmDefinition } from '../../../../src-main/contract/definition.ts';
import type { FaultData } from '../../../../src-main/contract/fault.ts';
import type { Problem } from '../../../../src-main/contract/problem.ts';
import { allowedActions, type RefitResult, type VmView } from '../../../../src-main/contract/vm.ts';
import { client } from '../../../client/client.ts';
import { faultOf } from '../../../client/faults.ts';
import { errorsOf } from '../../../components/definition/findings.ts';
import type { DefinitionForm } from '../../../components/definition/form.ts';
import type { RefitNoticeProps } from '../../../components/definition/refit-notice.tsx';
import { useRefit } from '../../../components/definition/use-refit.ts';
import { showToast } from '../../../components/toasts.ts';
import { type Draft, type DraftAction, newDraft, reduceDraft } from './draft.ts';
import { keepDraft, keptDraft } from './kept-drafts.ts';
import { useCheck } from './use-check.ts';

export interface Edit {
  readonly form: DefinitionForm;
  readonly draft: Draft;
  readonly refit: RefitNoticeProps | null;
  readonly checking: boolean;
  readonly saving: boolean;
  readonly fault: FaultData | null;
  dispatch(action: DraftAction): void;
  save(): Promise<void>;
  dismissFault(): void;
}

interface Refitted {
  readonly changes: RefitResult['changes'];
  readonly before: VmDefinition;
}

export function useEdit(vm: VmView, definition: VmDefinition): Edit {
  const { id, revision } = vm;
  const [draft, dispatch] = useReducer(
    reduceDraft,
    undefined,
    () => keptDraft(id) ?? newDraft(definition, revision),
  );
  const [refitted, setRefitted] = useState<Refitted | null>(null);
  const [refused, setRefused] = useState<{ by: VmDefinition; problems: readonly Problem[] } | null>(null);
  const [saving, setSaving] = useState(false);
  const [fault, setFault] = useState<FaultData | null>(null);
  const check = useCheck(id, draft.edited);
  useEffect(() => dispatch({ type: 'follow', definition, revision }), [definition, revision]);
  useEffect(() => keepDraft(id, draft), [id, draft]);

  const fitting = useRefit(draft.edited);

  const attempt = async (work: () => Promise<void>) => {
    setFault(null);
    try {
      await work();
    } catch (error) {
      setFault(faultOf(error));
    }
  };

  const changeBoard = (machine: string) =>
    attempt(async () => {
      const { before, result } = await fitting.ask(machine);
      dispatch({ type: 'replace', definition: result.definition });
      setRefitted({ changes: result.changes, before });
    });

  const save = () =>
    attempt(async () => {
      setSaving(true);
      try {
        const edited = draft.edited;
        const { problems } = await client.vms.check({
          request: { definition: edited, provisions: [] },
          id,
          dry: true,
        });
        if (errorsOf(problems).length > 0) {
          setRefused({ by: edited, problems });
          return;
        }
        await client.vms.update({ id, revision: draft.revision, definition: edited });
        setRefitted(null);
        showToast({ kind: 'done', message: 'Saved.' });
      } finally {
        setSaving(false);
      }
    });

  const form: DefinitionForm = {
    definition: draft.edited,
    // What QEMU itself refused stands until something is changed.
    problems: refused?.by === draft.edited ? refused.problems : check.problems,
    disabled: saving || !allowedActions[vm.state].includes('edit'),
    change: (change) => dispatch({ type: 'change', change }),
    fix: (fix) => attempt(async () => dispatch({ type: 'replace', definition: applyFix(draft.edited, fix) })),
    reason: () => undefined,
    changeBoard,
  };

  return {
    form,
    draft,
    refit: refitted && {
      changes: refitted.changes,
      onUndo: () => {
        dispatch({ type: 'replace', definition: refitted.before });
        setRefitted(null);
      },
      onDismiss: () => setRefitted(null),
    },
    checking: check.busy || fitting.busy,
    saving,
    fault: fault ?? check.fault,
    dispatch: (action) => {
      if (action.type === 'discard') setRefitted(null);
      dispatch(action);
    },
    save,
    dismissFault: () => setFault(null),
  };
}
