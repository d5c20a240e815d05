// The Console tab: the terminal of the UART that the address names, or of the one that the guest talks on.
import { Unplug } from 'lucide-react';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { useSlots } from '../../slots.ts';

interface ConsoleTabProps {
  vm: VmView;
  console: string | undefined;
}

export function ConsoleTab({ vm, console }: ConsoleTabProps) {
  const { ConsoleView } = useSlots();
  const shown =
    vm.consoles.find(({ id }) => id === console) ?? vm.consoles.find(({ main }) => main) ?? vm.consoles[0];
  if (!shown) return <EmptyState icon={Unplug} title="This board has no UART with a console" />;
  return <ConsoleView key={shown.id} vmId={vm.id} console={shown.id} />;
}
