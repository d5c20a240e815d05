// The machine that would be made, in one line, with the reason that matters most.
import { Cpu } from 'lucide-react';
import { factLine } from '../../components/vm-words.ts';
import styles from './suggested-machine.module.css';
import type { WizardModel } from './use-wizard.ts';

export function SuggestedMachine({ model }: { model: WizardModel }) {
  const { state, source } = model;
  if (state.request === null || source === null) return null;
  const reasons = [
    model.form?.reason('/machine'),
    model.form?.reason('/cpu'),
    model.form?.reason('/accelerator'),
  ];
  return (
    <section className={styles.machine} aria-label="The machine">
      <Cpu aria-hidden className={styles.icon} />
      <div className={styles.words}>
        <p className={styles.facts}>{factLine(state.request.definition)}</p>
        {reasons.map((reason) =>
          reason === undefined ? null : (
            <p key={reason} className={styles.reason}>
              {reason}
            </p>
          ),
        )}
      </div>
    </section>
  );
}
