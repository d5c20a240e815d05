// What a change of board changed besides, and the way back.
import { Undo2 } from 'lucide-react';
import type { RefitResult } from '../../../src-main/contract/vm.ts';
import { Button } from '../button.tsx';
import { Notice } from '../notice.tsx';
import { fieldWords } from './field-words.ts';
import styles from './form.module.css';

export interface RefitNoticeProps {
  changes: RefitResult['changes'];
  onUndo: () => void;
  onDismiss: () => void;
}

export function RefitNotice({ changes, onUndo, onDismiss }: RefitNoticeProps) {
  return (
    <Notice
      tone="info"
      title={
        changes.length === 0
          ? 'The board was changed; everything else fits it as it is.'
          : `The board was changed, and ${changes.length === 1 ? 'one thing' : `${changes.length} things`} with it:`
      }
      actions={
        <Button size="s" icon={Undo2} onPress={onUndo}>
          Undo
        </Button>
      }
      onDismiss={onDismiss}
    >
      {changes.length === 0 ? null : (
        <ul className={styles.changes}>
          {changes.map(({ field, from, to, why }) => (
            <li key={field} data-changed={field}>
              {fieldWords(field)}: {from === '' ? 'nothing' : <code>{from}</code>} →{' '}
              {to === '' ? 'nothing' : <code>{to}</code>}. {why}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
