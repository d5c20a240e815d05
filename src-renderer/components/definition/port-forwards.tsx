// The list of port forwards: which port of this computer leads to which of the guest's.
import { Plus, Trash2 } from 'lucide-react';
import type { PortForward } from '../../../src-main/contract/definition.ts';
import { Button, IconButton } from '../button.tsx';
import { Field, NumberField } from '../field.tsx';
import { ProblemList } from '../problem-list.tsx';
import { Select } from '../select.tsx';
import { problemsAt } from './findings.ts';
import styles from './form.module.css';
import type { DefinitionForm } from './form.ts';
import { nextForward } from './forwards.ts';

export function PortForwards({ form }: { form: DefinitionForm }) {
  const { definition, disabled, problems } = form;
  const { network } = definition;
  const { forwards } = network;
  const onFix = disabled ? undefined : form.fix;
  const change = (changed: PortForward[]) => form.change({ network: { ...network, forwards: changed } });
  return (
    <fieldset className={styles.forwards}>
      <legend className={styles.legend}>Port forwards</legend>
      {forwards.map((forward, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a forward is its place in the list; its fields all change
        <div key={index} className={styles.forward} data-forward={index}>
          <ForwardFields
            forward={forward}
            disabled={disabled}
            onChange={(changed) => change(forwards.with(index, changed))}
            onRemove={() => change(forwards.toSpliced(index, 1))}
          />
          <ProblemList problems={problemsAt(problems, `/network/forwards/${index}`)} onFix={onFix} />
        </div>
      ))}
      <ProblemList problems={problems.filter(({ field }) => field === '/network/forwards')} onFix={onFix} />
      <div className={styles.row}>
        <Button
          size="s"
          icon={Plus}
          isDisabled={disabled}
          onPress={() => change([...forwards, nextForward(forwards)])}
        >
          Add a forward
        </Button>
      </div>
    </fieldset>
  );
}

interface ForwardFieldsProps {
  forward: PortForward;
  disabled: boolean;
  onChange: (forward: PortForward) => void;
  onRemove: () => void;
}

function ForwardFields({ forward, disabled, onChange, onRemove }: ForwardFieldsProps) {
  const set = (changed: Partial<PortForward>) => onChange({ ...forward, ...changed });
  const port = { plain: true, min: 1, max: 65535, disabled };
  return (
    <div className={styles.forwardFields}>
      <Select
        label="Protocol"
        value={forward.protocol}
        onChange={(protocol) => set({ protocol })}
        options={protocols}
        disabled={disabled}
      />
      <Field
        label="Address here"
        mono
        value={forward.hostAddress}
        onChange={(hostAddress) => set({ hostAddress: hostAddress.trim() })}
        disabled={disabled}
      />
      <NumberField
        {...port}
        label="Port here"
        value={forward.hostPort}
        onChange={(hostPort) => set({ hostPort })}
      />
      <NumberField
        {...port}
        label="Port in the guest"
        value={forward.guestPort}
        onChange={(guestPort) => set({ guestPort })}
      />
      <IconButton
        icon={Trash2}
        label={`Remove the forward from port ${forward.hostPort}`}
        isDisabled={disabled}
        onPress={onRemove}
      />
    </div>
  );
}

const protocols = [
  { id: 'tcp', label: 'TCP' },
  { id: 'udp', label: 'UDP' },
] as const;
