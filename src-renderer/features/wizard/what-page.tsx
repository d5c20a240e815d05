// The first page: what to run, and the files that it takes.
import { CircuitBoard, Disc3, FlaskConical, HardDrive, SquareTerminal } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { ChoiceList } from '../../components/choice-list.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { ProblemList } from '../../components/problem-list.tsx';
import { leftOver } from './findings.ts';
import type { SourceKind } from './source.ts';
import { SourceForm } from './source-form.tsx';
import { SuggestedMachine } from './suggested-machine.tsx';
import type { WizardModel } from './use-wizard.ts';
import styles from './what-page.module.css';

const kinds = [
  {
    id: 'sample',
    label: 'Sample',
    note: 'A small program that ships with Armoire: says what machine it runs on, then answers commands. Nothing to download.',
    icon: FlaskConical,
  },
  {
    id: 'kernel',
    label: 'Linux kernel',
    note: 'A kernel image, with an initial RAM disk and a device tree if you have them.',
    icon: SquareTerminal,
  },
  {
    id: 'firmware',
    label: 'Firmware or bare metal',
    note: 'U-Boot, your own UEFI build, an ELF or a raw binary, without an operating system.',
    icon: CircuitBoard,
  },
  {
    id: 'iso',
    label: 'Install from ISO',
    note: 'An installer for 64-bit ARM, started by UEFI, with a new empty disk to install to.',
    icon: Disc3,
  },
  {
    id: 'disk',
    label: 'Existing disk',
    note: 'A qcow2 or raw image with a system on it, copied or used where it is.',
    icon: HardDrive,
  },
] as const satisfies readonly { id: SourceKind; label: string; note: string; icon: unknown }[];

/** Fields whose problems each kind's own form shows. */
const shownFields: Record<SourceKind, string[]> = {
  sample: [],
  kernel: ['/boot'],
  firmware: ['/boot', '/loaders'],
  iso: ['/boot'],
  disk: ['/boot'],
};

export function WhatPage({ model }: { model: WizardModel }) {
  const { state, suggestion, check, dispatch } = model;
  return (
    <>
      <div className={styles.kinds}>
        <ChoiceList
          label="What do you want to run?"
          hideLabel
          look="cards"
          value={state.kind}
          onChange={(kind) => dispatch({ type: 'choose', kind })}
          choices={kinds}
        />
      </div>
      {state.kind === null ? null : <SourceForm model={model} kind={state.kind} />}
      {suggestion.fault ? (
        <FaultNotice
          fault={suggestion.fault}
          actions={
            <Button size="s" onPress={suggestion.retry}>
              Try again
            </Button>
          }
        />
      ) : (
        <>
          <SuggestedMachine model={model} />
          <ProblemList
            problems={leftOver(
              check.problems,
              'what',
              ...(state.kind === null ? [] : shownFields[state.kind]),
            )}
            onFix={model.form?.fix}
          />
        </>
      )}
    </>
  );
}
