// The machine's name, its state, and the actions that the state allows.
import { ArrowLeft, EllipsisVertical } from 'lucide-react';
import type { VmAction, VmView } from '../../../src-main/contract/vm.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { formatMoment, formatSpan } from '../../components/format.ts';
import { MenuButton } from '../../components/menu.tsx';
import { StateDot } from '../../components/state-dot.tsx';
import { stateWords } from '../../components/state-words.ts';
import { Toolbar } from '../../components/toolbar.tsx';
import { useMediaQuery } from '../../components/use-media-query.ts';
import { useNow } from '../../components/use-now.ts';
import { lookOf } from '../../components/vm-action-looks.ts';
import { VmGlyph } from '../../components/vm-glyph.tsx';
import { vmMenu } from '../../components/vm-menu.ts';
import { factLine, vmTitle } from '../../components/vm-words.ts';
import { navigate } from '../../routes.ts';
import { beginAction, usePendingAction } from '../../stores/vm-actions.ts';
import { headerActions } from './header-actions.ts';
import styles from './machine.module.css';

export function MachineHeader({ vm }: { vm: VmView }) {
  const roomy = useMediaQuery('(min-width: 68rem)');
  const spacious = useMediaQuery('(min-width: 88rem)');
  const narrow = useMediaQuery('(max-width: 46rem)');
  const { main, beside } = headerActions(vm.state);
  const fitting = beside.filter((action) => spacious || action !== 'snapshot');
  const buttons = roomy ? [...fitting, ...main] : main;
  return (
    <header className={styles.header}>
      <span className={styles.back}>
        <IconButton
          icon={ArrowLeft}
          label="Back to the library"
          onPress={() => navigate({ page: 'library' })}
        />
      </span>
      <span className={styles.glyph}>
        <VmGlyph definition={vm.definition} size="l" />
      </span>
      <div className={styles.who}>
        <h1 className={styles.name} title={vmTitle(vm)}>
          {vmTitle(vm)}
        </h1>
        <p className={styles.state}>
          <StateDot state={vm.state} decorative />
          <span>
            <StateText vm={vm} />
            {vm.definition && !narrow ? (
              <span className={styles.facts}> · {factLine(vm.definition)}</span>
            ) : null}
          </span>
        </p>
      </div>
      <Toolbar label="Actions">
        {buttons.map((action) => (
          <ActionButton key={action} vm={vm} action={action} primary={isPrimary(action)} compact={narrow} />
        ))}
        <MenuButton icon={EllipsisVertical} label="More actions" entries={vmMenu(vm, buttons)} />
      </Toolbar>
    </header>
  );
}

/** What brings the guest to life is the page's main button; what ends it never is. */
function isPrimary(action: VmAction): boolean {
  return action === 'start' || action === 'resume';
}

function StateText({ vm }: { vm: VmView }) {
  const now = useNow(30_000, vm.run !== undefined);
  const words = stateWords[vm.state];
  if (vm.saved) return `${words} on ${formatMoment(vm.saved.at)}`;
  if (!vm.run || (vm.state !== 'running' && vm.state !== 'paused')) return words;
  const up = now - Date.parse(vm.run.startedAt);
  return up < 60_000 ? words : `${words} for ${formatSpan(up)}`;
}

interface ActionButtonProps {
  vm: VmView;
  action: VmAction;
  primary: boolean;
  /** Only the icon. */
  compact: boolean;
}

function ActionButton({ vm, action, primary, compact }: ActionButtonProps) {
  const pending = usePendingAction(vm.id);
  const { label, icon } = lookOf(action, vm.state);
  const common = {
    icon,
    busy: pending === action,
    isDisabled: pending !== undefined && pending !== action,
    variant: primary ? ('primary' as const) : ('secondary' as const),
    onPress: () => beginAction(vm, action),
  };
  return compact ? <IconButton {...common} label={label} /> : <Button {...common}>{label}</Button>;
}
