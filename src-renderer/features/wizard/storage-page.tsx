// The third page: disks, and how the machine reaches the network.
import { boardOf } from '../../components/definition/board-of.ts';
import { NetworkFields, networkFields } from '../../components/definition/network-fields.tsx';
import { ProblemList } from '../../components/problem-list.tsx';
import { useHost } from '../../stores/host.ts';
import { AddDisk } from './add-disk.tsx';
import { DiskRow } from './disk-row.tsx';
import { leftOver } from './findings.ts';
import styles from './storage-page.module.css';
import type { WizardModel } from './use-wizard.ts';

export function StoragePage({ model }: { model: WizardModel }) {
  const boards = useHost().boards ?? [];
  const { form, state, dispatch } = model;
  if (form === null) return null;
  const { definition, problems } = form;
  const { disks } = definition;
  const board = boardOf(boards, definition.machine);
  const shown = [...disks.map((_disk, index) => `/disks/${index}`), ...networkFields(form)];
  return (
    <>
      <section className={styles.section}>
        <h2 className={styles.title}>Disks</h2>
        {disks.length === 0 ? (
          <p className={styles.hint}>This machine has no disk; what it runs is loaded into its memory.</p>
        ) : (
          <ul className={styles.list}>
            {disks.map((disk, index) => (
              <DiskRow
                key={disk.id}
                form={form}
                index={index}
                disk={disk}
                board={board}
                provision={state.request?.provisions.find(
                  (step) => step.kind !== 'sample' && step.diskId === disk.id,
                )}
                dispatch={dispatch}
              />
            ))}
          </ul>
        )}
        <AddDisk model={model} definition={definition} board={board} />
      </section>
      <section className={styles.section}>
        <h2 className={styles.title}>Network</h2>
        <NetworkFields form={form} board={board} />
      </section>
      <ProblemList problems={leftOver(problems, 'storage', ...shown)} onFix={form.fix} />
    </>
  );
}
