// What has to be said about a machine, most urgent first, each with the way out.
import type { ReactNode } from 'react';
import type { Problem } from '../../../src-main/contract/problem.ts';
import { allowedActions, type VmView } from '../../../src-main/contract/vm.ts';
import { Button } from '../../components/button.tsx';
import { fieldWords } from '../../components/definition/field-words.ts';
import { formatMoment, formatSpan } from '../../components/format.ts';
import { FaultNotice, Notice } from '../../components/notice.tsx';
import { ProblemList } from '../../components/problem-list.tsx';
import { useNow } from '../../components/use-now.ts';
import { navigate } from '../../routes.ts';
import { useSettings } from '../../stores/settings.ts';
import {
  beginAction,
  dismissFault,
  requestAction,
  saveFix,
  useActionFault,
} from '../../stores/vm-actions.ts';
import { exitWords } from './exit-words.ts';
import styles from './machine.module.css';
import { ReloadNotice } from './reload-notice.tsx';
import { SilenceNotice } from './silence-notice.tsx';

export function MachineNotices({ vm }: { vm: VmView }) {
  return (
    <div className={styles.notices}>
      <ActionFault vm={vm} />
      <Damage vm={vm} />
      <Doubt vm={vm} />
      <Crash vm={vm} />
      <Saved vm={vm} />
      <Silence vm={vm} />
      <ShutdownUnanswered vm={vm} />
      <Findings vm={vm} />
      <Changed vm={vm} />
      <ReloadNotice vm={vm} />
      <SilenceNotice vm={vm} />
    </div>
  );
}

function ActionFault({ vm }: { vm: VmView }): ReactNode {
  const fault = useActionFault(vm.id);
  // A start that failed is told once: by the way it ended.
  if (!fault || isToldByExit(vm, fault.message)) return null;
  return (
    <FaultNotice
      fault={fault}
      onFix={(fix) => saveFix(vm, fix)}
      actions={<FieldButton vm={vm} field={fault.field} />}
      onDismiss={() => dismissFault(vm.id)}
    />
  );
}

/** Leads to the setting that is at fault. */
function FieldButton({ vm, field }: { vm: VmView; field: string | undefined }): ReactNode {
  if (field === undefined || !allowedActions[vm.state].includes('edit')) return null;
  return (
    <Button size="s" onPress={() => navigate({ page: 'vm', id: vm.id, tab: 'hardware' })}>
      {fieldWords(field)} in Hardware
    </Button>
  );
}

function isToldByExit(vm: VmView, message: string): boolean {
  return vm.state === 'crashed' && vm.lastExit?.fault?.message === message;
}

function Damage({ vm }: { vm: VmView }): ReactNode {
  if (!vm.damage) return null;
  return (
    <Notice
      tone="bad"
      title="This machine’s file cannot be read."
      actions={
        <Button size="s" onPress={() => beginAction(vm, 'delete')}>
          Delete…
        </Button>
      }
    >
      <p>{vm.damage.reason}</p>
      <p>
        The file is kept as it is, and nothing is written to it: <code>{vm.damage.file}</code>. Mend it or put
        a copy back; Armoire looks at it again when it starts. Disks and logs beside it are not touched.
      </p>
    </Notice>
  );
}

function Doubt({ vm }: { vm: VmView }): ReactNode {
  if (vm.state !== 'unknown') return null;
  if (vm.doubt) return <FaultNotice tone="caution" fault={vm.doubt} />;
  return (
    <Notice tone="caution" title="Something runs that may be this machine.">
      <p>Not every proof agrees, so Armoire neither starts a second copy nor ends what runs.</p>
    </Notice>
  );
}

function Crash({ vm }: { vm: VmView }): ReactNode {
  const { lastExit } = vm;
  if (vm.run || !lastExit || (vm.state !== 'crashed' && !lastExit.fault)) return null;
  const title = `${exitWords[lastExit.kind]} on ${formatMoment(lastExit.at)}.`;
  if (!lastExit.fault) return <Notice tone="bad" title={title} />;
  return (
    <FaultNotice
      fault={lastExit.fault}
      title={title}
      detailLabel="QEMU’s last words"
      detailOpen
      onFix={(fix) => saveFix(vm, fix)}
      actions={<FieldButton vm={vm} field={lastExit.fault.field} />}
    />
  );
}

function Saved({ vm }: { vm: VmView }): ReactNode {
  const mismatch = vm.saved?.mismatch;
  if (vm.state !== 'saved' || !mismatch) return null;
  return (
    <FaultNotice
      tone="caution"
      title="The saved state cannot be resumed here."
      fault={mismatch}
      actions={
        <Button size="s" onPress={() => beginAction(vm, 'discard-state')}>
          Discard saved state…
        </Button>
      }
    />
  );
}

function Silence({ vm }: { vm: VmView }): ReactNode {
  const since = vm.run?.silentSince;
  const now = useNow(1000, since !== undefined);
  if (!since || vm.state === 'unknown') return null;
  return (
    <Notice tone="caution" title={`QEMU has not answered for ${formatSpan(now - Date.parse(since))}.`}>
      <p>
        It was stopped by a signal, or it hangs. It is watched and taken up again as soon as it answers;{' '}
        <code>kill -CONT {vm.run?.pid}</code> wakes a stopped one.
      </p>
    </Notice>
  );
}

function ShutdownUnanswered({ vm }: { vm: VmView }): ReactNode {
  const since = vm.run?.shutdownRequestedAt;
  const waitSeconds = useSettings()?.shutdownWaitSeconds;
  const now = useNow(1000, vm.state === 'stopping');
  if (vm.state !== 'stopping' || !since || waitSeconds === undefined) return null;
  const waited = now - Date.parse(since);
  if (waited < waitSeconds * 1000) return null;
  return (
    <Notice
      tone="caution"
      title={`The guest was asked to shut down ${formatSpan(waited)} ago and still runs.`}
      actions={
        <>
          <Button size="s" onPress={() => requestAction(vm.id, 'shutdown')}>
            Ask again
          </Button>
          <Button size="s" variant="danger" onPress={() => beginAction(vm, 'force-stop')}>
            Force stop
          </Button>
        </>
      }
    >
      <p>A guest without a driver for the power button does not hear it.</p>
    </Notice>
  );
}

/** What is found of a run, by the beginning of the rule's name; every other rule is about its hardware. */
const findingTitles: readonly [rules: string, title: string][] = [
  ['disk-', 'The guest waits for its disk.'],
  ['console-', 'Not all that the guest prints can be kept.'],
  ['', 'QEMU made something else than was asked for.'],
];

function titleOf({ rule }: Problem): string | undefined {
  return findingTitles.find(([rules]) => rule.startsWith(rules))?.[1];
}

function Findings({ vm }: { vm: VmView }): ReactNode {
  const findings: readonly Problem[] = vm.run?.findings ?? [];
  return findingTitles.map(([, title]) => {
    const about = findings.filter((finding) => titleOf(finding) === title);
    if (about.length === 0) return null;
    return (
      <Notice key={title} tone="caution" title={title}>
        <ProblemList problems={about} onFix={(fix) => saveFix(vm, fix)} />
      </Notice>
    );
  });
}

function Changed({ vm }: { vm: VmView }): ReactNode {
  if (!vm.run?.definitionChanged) return null;
  return (
    <Notice tone="info" title="The hardware was changed after the start.">
      <p>Shut the machine down and start it again to make it so; a reset is not enough.</p>
    </Notice>
  );
}
