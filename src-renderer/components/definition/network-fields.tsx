// How the machine reaches the network, and what of it can be reached from this computer.
import type { BoardCard } from '../../../src-main/contract/board.ts';
import type { Network } from '../../../src-main/contract/definition.ts';
import { ChoiceList } from '../choice-list.tsx';
import { Field } from '../field.tsx';
import { Select } from '../select.tsx';
import { problemsAt } from './findings.ts';
import styles from './form.module.css';
import { controlProps, type DefinitionForm } from './form.ts';
import { More } from './more.tsx';
import { PortForwards } from './port-forwards.tsx';

interface NetworkFieldsProps {
  form: DefinitionForm;
  board: BoardCard | undefined;
}

export function NetworkFields({ form, board }: NetworkFieldsProps) {
  const { network } = form.definition;
  const set = (changed: Partial<Network>) => form.change({ network: { ...network, ...changed } });
  return (
    <>
      <ChoiceList
        label="Connection"
        hideLabel
        value={network.mode}
        onChange={(mode) => set({ mode })}
        choices={[
          {
            id: 'user',
            label: 'Through this computer',
            note: 'The guest reaches the network; nothing reaches the guest but the ports below.',
          },
          { id: 'none', label: 'None' },
        ]}
        description={form.reason('/network')}
        {...controlProps(form, '/network/mode')}
      />
      {network.mode === 'none' ? null : (
        <>
          <PortForwards form={form} />
          <More
            title="More network"
            attention={problemsAt(form.problems, '/network/model', '/network/mac').length > 0}
          >
            <div className={styles.grid}>
              <Select
                label="Network device"
                mono
                value={network.model}
                onChange={(device) => set({ model: device })}
                options={deviceOptions(board, network.model)}
                {...controlProps(form, '/network/model')}
              />
              <Field
                label="MAC address"
                mono
                value={network.mac}
                onChange={(mac) => set({ mac: mac.trim().toLowerCase() })}
                {...controlProps(form, '/network/mac')}
              />
            </div>
          </More>
        </>
      )}
    </>
  );
}

function deviceOptions(board: BoardCard | undefined, current: string) {
  const models = board?.networkModels ?? [];
  const all = models.includes(current) ? models : [current, ...models];
  return all.map((id) => ({ id, label: id === 'onboard' ? 'The board’s own controller' : id }));
}

/** Fields that show their own problems here. */
export function networkFields({ definition }: DefinitionForm): string[] {
  return definition.network.mode === 'none'
    ? ['/network/mode']
    : ['/network/mode', '/network/model', '/network/mac', '/network/forwards'];
}
