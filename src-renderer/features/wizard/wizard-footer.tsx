// Back, Next, Create: and why not, where not.
import { ArrowLeft, ArrowRight, Play } from 'lucide-react';
import type { Problem } from '../../../src-main/contract/problem.ts';
import { Button } from '../../components/button.tsx';
import { errorsOf } from '../../components/definition/findings.ts';
import { Spinner } from '../../components/spinner.tsx';
import { pageOf } from './findings.ts';
import { neighbour, pageWords } from './state.ts';
import type { WizardModel } from './use-wizard.ts';
import styles from './wizard-footer.module.css';

export function WizardFooter({ model }: { model: WizardModel }) {
  const { state, obstacle, creating, dispatch } = model;
  const back = neighbour(state.page, -1);
  const next = neighbour(state.page, 1);
  const hasMachine = state.request !== null && model.source !== null && model.suggestion.fault === null;
  const canCreate = obstacle === null && creating === null;
  // The sample needs no further word: its shortest way is the main one.
  const startFirst = next === undefined || (state.kind === 'sample' && state.page === 'what');
  const reasonId = 'wizard-obstacle';
  return (
    <footer className={styles.footer}>
      <Obstacle model={model} id={reasonId} />
      <div className={styles.buttons}>
        {back === undefined ? null : (
          <Button icon={ArrowLeft} onPress={() => dispatch({ type: 'go', page: back })}>
            Back
          </Button>
        )}
        {next === undefined ? (
          <Button
            isDisabled={!canCreate}
            busy={creating === 'create'}
            aria-describedby={reasonId}
            onPress={() => model.create(false)}
          >
            Create
          </Button>
        ) : null}
        {hasMachine ? (
          <Button
            variant={startFirst ? 'primary' : 'secondary'}
            icon={Play}
            isDisabled={!canCreate && creating !== 'start'}
            busy={creating === 'start'}
            aria-describedby={reasonId}
            onPress={() => model.create(true)}
          >
            Create and start
          </Button>
        ) : null}
        {next === undefined ? null : (
          <Button
            type="submit"
            variant={startFirst ? 'secondary' : 'primary'}
            icon={ArrowRight}
            isDisabled={!hasMachine}
            aria-describedby={reasonId}
          >
            Next
          </Button>
        )}
      </div>
    </footer>
  );
}

/** The reason in words; problems on other pages are one click away, warnings too. */
function Obstacle({ model, id }: { model: WizardModel; id: string }) {
  const { obstacle, check, state, suggestion } = model;
  const waiting = suggestion.busy || check.busy;
  const errors = errorsOf(check.problems);
  const warnings = check.problems.filter((problem) => problem.severity === 'warning');
  const pagesOf = (problems: readonly Problem[]) =>
    [...new Set(problems.map((problem) => pageOf(problem.field)))].filter((page) => page !== state.page);
  const elsewhere = pagesOf(errors.length > 0 ? errors : warnings);
  const advice = obstacle === null && state.page !== 'review' && elsewhere.length > 0;
  return (
    <div className={styles.obstacle}>
      <p id={id} role="status" className={styles.words} data-obstacle={obstacle ?? undefined}>
        {obstacle !== null && waiting ? <Spinner /> : null}
        {obstacle ?? (advice ? 'There is a warning to look at.' : null)}
      </p>
      {errors.length > 0 || advice
        ? elsewhere.map((page) => (
            <Button key={page} size="s" variant="quiet" onPress={() => model.dispatch({ type: 'go', page })}>
              Go to {pageWords[page]}
            </Button>
          ))
        : null}
    </div>
  );
}
