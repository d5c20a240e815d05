// The board's switches in words, and setting one without leaving an undefined behind.
import type { MachineOptions } from '../../../src-main/contract/definition.ts';
import type { Option } from '../select.tsx';

type GicVersion = NonNullable<MachineOptions['gicVersion']>;
type Iommu = NonNullable<MachineOptions['iommu']>;
export type SwitchName = 'virtualization' | 'secure' | 'highmem' | 'mte';

interface SwitchWords {
  readonly label: string;
  readonly description: string;
  /** What the machine type has when nothing is said. */
  readonly standard: boolean;
}

export const switches: Readonly<Record<SwitchName, SwitchWords>> = {
  virtualization: {
    label: 'EL2 (virtualization)',
    description: 'The guest can run hypervisors of its own.',
    standard: false,
  },
  secure: {
    label: 'EL3 (TrustZone)',
    description: 'For secure firmware; a system by UEFI does not start with it.',
    standard: false,
  },
  highmem: {
    label: 'Devices and memory above 4 GiB',
    description: 'Off for guests that cannot reach there; memory is 3 GiB at most then.',
    standard: true,
  },
  mte: {
    label: 'Memory tagging (MTE)',
    description: 'Needs a CPU that has it, such as max.',
    standard: false,
  },
};

export const gicOptions: readonly Option<GicVersion | 'default'>[] = [
  { id: 'default', label: 'QEMU’s own choice', note: 'Under TCG, GICv2 for up to 8 vCPUs, GICv3 for more.' },
  { id: '2', label: 'GICv2', note: 'For old guests; 8 vCPUs at most.' },
  { id: '3', label: 'GICv3', note: 'What today’s guests expect.' },
  { id: '4', label: 'GICv4', note: 'Needs EL2.' },
  { id: 'max', label: 'The newest there is' },
  { id: 'host', label: 'As this computer has it', note: 'KVM only.' },
];

export const iommuOptions: readonly Option<Iommu | 'default'>[] = [
  { id: 'default', label: 'None' },
  { id: 'smmuv3', label: 'SMMUv3', note: 'Arm’s own, in front of PCI Express.' },
];

/** `undefined` takes the option out: the machine's default stands then. */
export function withOption<Name extends keyof MachineOptions>(
  options: MachineOptions,
  name: Name,
  value: MachineOptions[Name],
): MachineOptions {
  const { [name]: _before, ...others } = options;
  return value === undefined ? (others as MachineOptions) : ({ ...others, [name]: value } as MachineOptions);
}
