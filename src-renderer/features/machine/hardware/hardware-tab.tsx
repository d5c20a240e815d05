// The Hardware tab: every setting of the definition, checked as it is changed, saved together.
import { ArrowDown } from 'lucide-react';
import { useRef } from 'react';
import type { VmDefinition } from '../../../../src-main/contract/definition.ts';
import { allowedActions, type VmView } from '../../../../src-main/contract/vm.ts';
import { Button } from '../../../components/button.tsx';
import { Card } from '../../../components/card.tsx';
import { boardOf } from '../../../components/definition/board-of.ts';
import { BoardOptionFields, boardOptionFields } from '../../../components/definition/board-option-fields.tsx';
import { DebugFields, debugFields } from '../../../components/definition/debug-fields.tsx';
import { fieldWords } from '../../../components/definition/field-words.ts';
import { errorsOf, problemsBeside } from '../../../components/definition/findings.ts';
import { controlProps, type DefinitionForm } from '../../../components/definition/form.ts';
import { MachineFields, machineFields } from '../../../components/definition/machine-fields.tsx';
import { NetworkFields, networkFields } from '../../../components/definition/network-fields.tsx';
import { Field } from '../../../components/field.tsx';
import { FaultNotice, Notice } from '../../../components/notice.tsx';
import { ProblemList } from '../../../components/problem-list.tsx';
import { stateWords } from '../../../components/state-words.ts';
import { useHost } from '../../../stores/host.ts';
import { DiskList } from '../disks/disk-list.tsx';
import { BootFields } from './boot-fields.tsx';
import { isChanged } from './draft.ts';
import styles from './hardware.module.css';
import { LoaderFields } from './loader-fields.tsx';
import { SaveBar } from './save-bar.tsx';
import { type Edit, useEdit } from './use-edit.ts';

interface HardwareTabProps {
  vm: VmView;
  definition: VmDefinition;
}

export function HardwareTab({ vm, definition }: HardwareTabProps) {
  const edit = useEdit(vm, definition);
  const { form, draft, fault } = edit;
  return (
    <div className={styles.tab}>
      <div className={styles.scroller}>
        <div className={styles.page}>
          {allowedActions[vm.state].includes('edit') ? null : (
            <Notice
              tone="info"
              title={`Hardware cannot be changed now (${stateWords[vm.state].toLowerCase()}).`}
            />
          )}
          {fault ? <FaultNotice fault={fault} onFix={form.fix} onDismiss={edit.dismissFault} /> : null}
          {draft.theirs ? <Conflict edit={edit} /> : null}
          <Obstacles form={form} />
          <Sections edit={edit} vm={vm} />
        </div>
      </div>
      <SaveBar vm={vm} edit={edit} />
    </div>
  );
}

function Conflict({ edit }: { edit: Edit }) {
  return (
    <Notice
      tone="caution"
      title="Somebody else has changed this machine meanwhile."
      actions={
        <>
          <Button size="s" onPress={() => edit.dispatch({ type: 'discard' })}>
            Take theirs, drop my changes
          </Button>
          <Button size="s" onPress={() => edit.dispatch({ type: 'overwrite' })}>
            Keep mine, replace theirs
          </Button>
        </>
      }
    >
      <p>Your changes are still here and not saved.</p>
    </Notice>
  );
}

/** The page is long: what stands in the way is named at its top. */
function Obstacles({ form }: { form: DefinitionForm }) {
  const page = useRef<HTMLDivElement>(null);
  const fields = [...new Set(errorsOf(form.problems).map(({ field }) => field))];
  if (fields.length === 0) return null;
  return (
    <div ref={page}>
      <Notice
        tone="caution"
        title="With these settings the machine does not start, or is another one than asked for."
        actions={fields.map((field) => (
          <Button key={field} size="s" icon={ArrowDown} onPress={() => showProblem(page.current, field)}>
            {fieldWords(field)}
          </Button>
        ))}
      />
    </div>
  );
}

function showProblem(from: HTMLElement | null, field: string): void {
  const shown = from?.parentElement?.querySelector(`[data-field="${CSS.escape(field)}"]`);
  shown?.scrollIntoView({ block: 'center' });
}

function Sections({ edit, vm }: { edit: Edit; vm: VmView }) {
  const { form, refit } = edit;
  const board = boardOf(useHost().boards ?? [], form.definition.machine);
  const options = boardOptionFields(form, board);
  return (
    <>
      <ProblemList problems={problemsBeside(form.problems, ...shownFields(form, options))} onFix={form.fix} />
      <Card title="General">
        <GeneralFields form={form} />
      </Card>
      <Card title="Machine">
        <div className={styles.fields}>
          <MachineFields form={form} refit={refit} />
          {options.length > 0 ? <BoardOptionFields form={form} board={board} /> : null}
        </div>
      </Card>
      <Card title="Boot">
        <div className={styles.fields}>
          <BootFields form={form} board={board} />
          <LoaderFields form={form} />
        </div>
      </Card>
      <Card title="Disks">
        <DiskList vm={vm} form={form} board={board} settled={!isChanged(edit.draft)} />
      </Card>
      <Card title="Network">
        <div className={styles.fields}>
          <NetworkFields form={form} board={board} />
        </div>
      </Card>
      <Card title="Debugging">
        <DebugFields form={form} vmId={vm.id} />
      </Card>
    </>
  );
}

function GeneralFields({ form }: { form: DefinitionForm }) {
  const { definition, change } = form;
  return (
    <div className={styles.fields}>
      <Field
        label="Name"
        value={definition.name}
        onChange={(name) => change({ name })}
        {...controlProps(form, '/name')}
      />
      <Field
        label="Note"
        rows={2}
        value={definition.note}
        onChange={(note) => change({ note })}
        {...controlProps(form, '/note')}
      />
    </div>
  );
}

/** Every field here that shows its own problems; those of the others are shown above. */
function shownFields(form: DefinitionForm, options: readonly string[]): string[] {
  return [
    ...['/name', '/note', '/boot', '/loaders', '/disks'],
    ...machineFields,
    ...options,
    ...networkFields(form),
    ...debugFields,
  ];
}
