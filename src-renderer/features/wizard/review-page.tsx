// The last page: the machine in short, what Create will do, what stands in the way, and QEMU's command line.
import { CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import type { CreateRequest } from '../../../src-main/contract/vm.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { boardOf } from '../../components/definition/board-of.ts';
import { problemsAt } from '../../components/definition/findings.ts';
import { Facts } from '../../components/facts.tsx';
import { formatBytes, formatMiB } from '../../components/format.ts';
import { ProblemList } from '../../components/problem-list.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { useHost } from '../../stores/host.ts';
import { CommandLine } from './command-line.tsx';
import { pageOf } from './findings.ts';
import { outline } from './outline.ts';
import styles from './review-page.module.css';
import { type Page, pageWords } from './state.ts';
import type { WizardModel } from './use-wizard.ts';

export function ReviewPage({ model }: { model: WizardModel }) {
  const boards = useHost().boards ?? [];
  const { request } = model.state;
  if (request === null) return null;
  const go = (page: Page) => model.dispatch({ type: 'go', page });
  const board = boardOf(boards, request.definition.machine);
  return (
    <>
      <Verdict model={model} />
      <Card
        title={request.definition.name}
        actions={
          <Button size="s" variant="quiet" onPress={() => go('hardware')}>
            Change
          </Button>
        }
      >
        <Facts facts={machineFacts(request, board?.title)} />
      </Card>
      <Card title="What will happen">
        <ol className={styles.outline}>
          {outline(request, formatBytes).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      </Card>
      {model.check.result?.commandLine ? (
        <Card
          title="QEMU’s command line"
          description="Each argument with the reason for it. Paths settle when the machine is created."
          flush
        >
          <CommandLine commandLine={model.check.result.commandLine} />
        </Card>
      ) : null}
    </>
  );
}

function machineFacts({ definition }: CreateRequest, title: string | undefined) {
  const { machine, cpu, vcpus, memoryMiB, disks, network } = definition;
  return [
    { term: 'Board', value: <Mono after={title}>{machine}</Mono> },
    { term: 'CPU', value: <Mono after={`${vcpus} ${vcpus === 1 ? 'vCPU' : 'vCPUs'}`}>{cpu}</Mono> },
    { term: 'Memory', value: formatMiB(memoryMiB) },
    {
      term: 'Disks',
      value: disks.length === 0 ? 'none' : disks.map((disk) => disk.id).join(', '),
    },
    {
      term: 'Network',
      value: network.mode === 'none' ? 'none' : <Mono after="through this computer">{network.model}</Mono>,
    },
  ];
}

function Mono({ children, after }: { children: ReactNode; after?: string | undefined }) {
  return (
    <>
      <code>{children}</code>
      {after === undefined ? null : ` · ${after}`}
    </>
  );
}

/** What QEMU itself said, or what has to be solved before it can be asked. */
function Verdict({ model }: { model: WizardModel }) {
  const { check, dispatch } = model;
  if (check.busy)
    return (
      <p className={styles.verdict} role="status" data-verdict="busy">
        <Spinner />
        Asking QEMU…
      </p>
    );
  const { problems, result } = check;
  const pages = [...new Set(problems.map((problem) => pageOf(problem.field)))];
  return (
    <section className={styles.problems} aria-label="Checks">
      {result?.proven ? (
        <p className={styles.verdict} role="status" data-verdict="proven">
          <CircleCheck aria-hidden className={styles.good} />
          QEMU was started with this machine, paused, and made exactly what is asked for.
        </p>
      ) : null}
      {pages.map((page) => {
        const here = problems.filter((problem) => pageOf(problem.field) === page);
        return (
          <div key={page} className={styles.group}>
            <ProblemList
              problems={problemsAt(here, ...here.map(({ field }) => field))}
              onFix={model.form?.fix}
            />
            {page === 'review' ? null : (
              <Button size="s" variant="quiet" onPress={() => dispatch({ type: 'go', page })}>
                Go to {pageWords[page]}
              </Button>
            )}
          </div>
        );
      })}
    </section>
  );
}
