// Makes another VM from this one or from one of its snapshots: a copy, a linked clone, or a fork that runs at once.
import { useState } from 'react';
import { vmName } from '../../../src-main/contract/definition.ts';
import type { CloneKind } from '../../../src-main/contract/snapshot.ts';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { client } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { ChoiceList } from '../../components/choice-list.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { JobStrips } from '../../components/job-strip.tsx';
import { NameField } from '../../components/name-field.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { Switch } from '../../components/switch.tsx';
import { useDraftName } from '../../components/use-draft-name.ts';
import { vmTitle } from '../../components/vm-words.ts';
import { navigate } from '../../routes.ts';
import { useWork } from '../../stores/use-work.ts';
import { useVms } from '../../stores/vms.ts';
import { type CloneOrigin, cloneChoices, freeName } from './clone-choices.ts';

interface CloneDialogProps {
  vm: VmView;
  /** Left out: from the present. */
  snapshot: CloneOrigin['snapshot'];
  onClose: () => void;
}

export function CloneDialog({ vm, snapshot, onClose }: CloneDialogProps) {
  const { byId } = useVms();
  const [suggested] = useState(() => {
    const taken = [...byId.values()].map(vmTitle);
    return freeName(
      snapshot === undefined ? `${vmTitle(vm)} copy` : `${vmTitle(vm)}, ${snapshot.name}`,
      taken,
    );
  });
  const name = useDraftName(suggested, vmName);
  const choices = cloneChoices({ state: vm.state, snapshot });
  const [chosen, setChosen] = useState<CloneKind | null>(null);
  const kind = chosen ?? choices.find(({ disabled }) => !disabled)?.id ?? 'copy';
  const [start, setStart] = useState(false);
  const work = useWork();
  const submit = () => {
    const { parsed } = name;
    if (parsed === null) return;
    const request = { id: vm.id, name: parsed, kind, snapshot: snapshot?.id ?? null };
    void work.run(
      () => client.vms.clone({ ...request, start: start || kind === 'fork' }),
      (made) => {
        onClose();
        navigate({ page: 'vm', id: made.id, tab: kind === 'fork' || start ? 'console' : 'overview' });
      },
    );
  };
  return (
    <Dialog
      title={snapshot === undefined ? `Clone “${vmTitle(vm)}”` : `Clone from “${snapshot.name}”`}
      size="m"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{work.busy ? 'Close' : 'Cancel'}</Button>
          <Button variant="primary" busy={work.busy} isDisabled={name.parsed === null} onPress={submit}>
            {kind === 'fork' ? 'Fork' : 'Clone'}
          </Button>
        </>
      }
    >
      <NameField label="Name" draft={name} onSubmit={submit} />
      <ChoiceList label="How" value={kind} onChange={setChosen} choices={choices} disabled={work.busy} />
      {kind === 'fork' ? null : (
        <Switch label="Start it when it is made" value={start} onChange={setStart} disabled={work.busy} />
      )}
      {work.busy ? (
        <>
          <JobStrips vm={vm.id} />
          <JobStrips vm={null} />
        </>
      ) : null}
      {work.fault ? <FaultNotice fault={work.fault} /> : null}
    </Dialog>
  );
}
