// Saves or drops an edit; says what stands in the way, and when the changes take effect.
import type { VmView } from '../../../../src-main/contract/vm.ts';
import { Button } from '../../../components/button.tsx';
import { fieldWords } from '../../../components/definition/field-words.ts';
import { errorsOf } from '../../../components/definition/findings.ts';
import { count } from '../../../components/format.ts';
import { changedFields, isChanged, whenApplied } from './draft.ts';
import styles from './hardware.module.css';
import type { Edit } from './use-edit.ts';

interface SaveBarProps {
  vm: VmView;
  edit: Edit;
}

export function SaveBar({ vm, edit }: SaveBarProps) {
  const { draft, form, saving, checking } = edit;
  if (!isChanged(draft)) return null;
  const errors = errorsOf(form.problems).length;
  const fields = changedFields(draft.base, draft.edited);
  return (
    <section className={styles.saveBar} aria-label="Unsaved changes">
      <div className={styles.saveWords} role="status">
        <p className={styles.saveMain}>
          {errors > 0 ? (
            <span className={styles.saveError}>
              {count(errors, 'problem')} to solve before it can be saved.
            </span>
          ) : (
            `Changed: ${listed(fields)}.`
          )}
        </p>
        {vm.run && errors === 0 ? <p className={styles.saveDetail}>{effectWords(fields)}</p> : null}
      </div>
      <Button onPress={() => edit.dispatch({ type: 'discard' })} isDisabled={saving}>
        Discard
      </Button>
      <Button
        variant="primary"
        busy={saving}
        isDisabled={errors > 0 || checking || draft.theirs !== null}
        onPress={edit.save}
      >
        {saving ? 'Asking QEMU…' : 'Save'}
      </Button>
    </section>
  );
}

function effectWords(fields: readonly string[]): string {
  const { now, later } = whenApplied(fields);
  return [
    now.length > 0 ? `At once: ${listed(now)}.` : '',
    later.length > 0 ? `After the next start: ${listed(later)}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function listed(fields: readonly string[]): string {
  return fields.map(fieldWords).join(', ');
}
