// The second page: name, board, CPU, memory, all filled in, each with its reason.

import { boardOf } from '../../components/definition/board-of.ts';
import { BoardOptionFields, boardOptionFields } from '../../components/definition/board-option-fields.tsx';
import { DebugFields, debugFields } from '../../components/definition/debug-fields.tsx';
import { problemsAt } from '../../components/definition/findings.ts';
import { controlProps } from '../../components/definition/form.ts';
import { MachineFields, machineFields } from '../../components/definition/machine-fields.tsx';
import { More } from '../../components/definition/more.tsx';
import { Field } from '../../components/field.tsx';
import { ProblemList } from '../../components/problem-list.tsx';
import { useHost } from '../../stores/host.ts';
import { leftOver } from './findings.ts';
import type { WizardModel } from './use-wizard.ts';

export function HardwarePage({ model }: { model: WizardModel }) {
  const boards = useHost().boards ?? [];
  const { form, dispatch, state } = model;
  if (form === null) return null;
  const { definition, problems } = form;
  const board = boardOf(boards, definition.machine);
  const inMore = [...boardOptionFields(form, board), ...debugFields];
  const refit =
    state.refit === null
      ? null
      : {
          changes: state.refit.changes,
          onUndo: () => dispatch({ type: 'undo-refit' }),
          onDismiss: () => dispatch({ type: 'dismiss-refit' }),
        };
  return (
    <>
      <Field
        label="Name"
        value={definition.name}
        onChange={(name) => form.change({ name })}
        description={form.reason('/name')}
        {...controlProps(form, '/name')}
      />
      <MachineFields form={form} refit={refit} />
      <More title="More hardware" attention={problemsAt(problems, ...inMore).length > 0}>
        <BoardOptionFields form={form} board={board} />
        <DebugFields form={form} />
      </More>
      <ProblemList
        problems={leftOver(problems, 'hardware', '/name', ...machineFields, ...inMore)}
        onFix={form.fix}
      />
    </>
  );
}
