// The board's switches and how many of its UARTs get a console.
import type { BoardCard } from '../../../src-main/contract/board.ts';
import type { MachineOptions } from '../../../src-main/contract/definition.ts';
import { NumberField } from '../field.tsx';
import { Select } from '../select.tsx';
import { Switch } from '../switch.tsx';
import styles from './form.module.css';
import { controlProps, type DefinitionForm } from './form.ts';
import { gicOptions, iommuOptions, type SwitchName, switches, withOption } from './machine-options.ts';

interface BoardOptionFieldsProps {
  form: DefinitionForm;
  board: BoardCard | undefined;
}

export function BoardOptionFields({ form, board }: BoardOptionFieldsProps) {
  const { machineOptions, uarts } = form.definition;
  const set = <Name extends keyof MachineOptions>(name: Name, value: MachineOptions[Name]) =>
    form.change({ machineOptions: withOption(machineOptions, name, value) });
  const shown = (name: keyof MachineOptions) => hasOption(form, board, name);
  const consoles = Math.max(1, board?.uarts.length ?? 1);
  return (
    <div className={styles.grid}>
      {shown('gicVersion') ? (
        <Select
          label="Interrupt controller (GIC)"
          value={machineOptions.gicVersion ?? 'default'}
          onChange={(version) => set('gicVersion', version === 'default' ? undefined : version)}
          options={gicOptions}
          {...controlProps(form, '/machineOptions/gicVersion')}
        />
      ) : null}
      {shown('iommu') ? (
        <Select
          label="IOMMU"
          value={machineOptions.iommu ?? 'default'}
          onChange={(iommu) => set('iommu', iommu === 'default' ? undefined : iommu)}
          options={iommuOptions}
          {...controlProps(form, '/machineOptions/iommu')}
        />
      ) : null}
      {consoles > 1 || uarts > 1 ? (
        <NumberField
          label="Serial consoles"
          value={uarts}
          min={1}
          max={Math.max(consoles, uarts)}
          onChange={(count) => form.change({ uarts: count })}
          description={`The board has ${consoles} UARTs; each of these gets a console.`}
          {...controlProps(form, '/uarts')}
        />
      ) : null}
      {switchNames.filter(shown).map((name) => (
        <Switch
          key={name}
          label={switches[name].label}
          description={switches[name].description}
          value={machineOptions[name] ?? switches[name].standard}
          onChange={(on) => set(name, on === switches[name].standard ? undefined : on)}
          {...controlProps(form, `/machineOptions/${name}`)}
        />
      ))}
    </div>
  );
}

const switchNames = Object.keys(switches) as SwitchName[];

/** What the board has, and what the machine says although the board has not: that must be seen to be mended. */
function hasOption(form: DefinitionForm, board: BoardCard | undefined, name: keyof MachineOptions): boolean {
  return (board?.options?.includes(name) ?? false) || form.definition.machineOptions[name] !== undefined;
}

/** Fields that show their own problems here, for a machine on this board. */
export function boardOptionFields(form: DefinitionForm, board: BoardCard | undefined): string[] {
  const names: (keyof MachineOptions)[] = ['gicVersion', 'iommu', ...switchNames];
  const options = names
    .filter((name) => hasOption(form, board, name))
    .map((name) => `/machineOptions/${name}`);
  const several = (board?.uarts.length ?? 1) > 1 || form.definition.uarts > 1;
  return several ? [...options, '/uarts'] : options;
}
