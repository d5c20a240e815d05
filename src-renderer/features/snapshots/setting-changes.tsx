// The settings that are other ones now than they were then.
import { ArrowRight } from 'lucide-react';
import { VisuallyHidden } from 'react-aria-components';
import type { SettingChange } from '../../../src-main/contract/snapshot.ts';
import { Card } from '../../components/card.tsx';
import { fieldWords } from '../../components/definition/field-words.ts';
import { sideWords } from './snapshot-words.ts';
import styles from './snapshots.module.css';

export function SettingChanges({ changes }: { changes: readonly SettingChange[] }) {
  return (
    <Card title="Settings then and now">
      {changes.length === 0 ? (
        <p className={styles.same}>The same as now.</p>
      ) : (
        <ul className={styles.changes}>
          {changes.map((change) => (
            <li key={change.field} className={styles.change}>
              <span className={styles.changeField}>{fieldWords(change.field)}</span>
              <span className={styles.changeSides}>
                <code>{sideWords(change.field, change.before)}</code>
                <ArrowRight aria-hidden className={styles.arrow} />
                <VisuallyHidden> is now </VisuallyHidden>
                <code>{sideWords(change.field, change.now)}</code>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
