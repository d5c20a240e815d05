// The console's bar: which UART, what it is doing, and what can be done with it.
import {
  ClipboardPaste,
  Copy,
  Download,
  Ellipsis,
  Eraser,
  ExternalLink,
  History,
  Keyboard,
  Scaling,
  Search,
  Speech,
  Zap,
  ZoomIn,
  ZoomOut,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { ConsoleInfo } from '../../../src-main/contract/vm.ts';
import { IconButton } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { MenuButton, type MenuEntry } from '../../components/menu.tsx';
import { Select } from '../../components/select.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import styles from './console-bar.module.css';
import type { ConsoleState } from './console-state.ts';
import { isMac } from './use-viewer.ts';

export interface ConsoleCommands {
  search(): void;
  copy(): void;
  paste(): void;
  popOut(): void;
  sendBreak(): void;
  fit(): void;
  larger(): void;
  smaller(): void;
  loadEarlier(): void;
  saveLog(): void;
  clear(): void;
  toggleScreenReader(): void;
  showKeys(): void;
}

interface ConsoleBarProps {
  /** Before the UART: the machine's name, in a window of its own. */
  title?: ReactNode;
  consoles: readonly ConsoleInfo[];
  console: string;
  onConsole: (id: string) => void;
  state: ConsoleState;
  stateWords: string;
  inhabited: boolean;
  hasSelection: boolean;
  hasEarlier: boolean;
  screenReader: boolean;
  canPopOut: boolean;
  commands: ConsoleCommands;
}

const ctrlShift = (letter: string) => (isMac ? `⌘${letter}` : `Ctrl+Shift+${letter}`);

export function ConsoleBar(props: ConsoleBarProps) {
  const { commands, inhabited } = props;
  return (
    <header className={styles.bar}>
      {props.title ? <span className={styles.title}>{props.title}</span> : null}
      <UartChoice {...props} />
      <span className={cx(styles.state, styles[props.state])} role="status">
        <span aria-hidden className={styles.dot} />
        <span className={styles.stateWords}>{props.stateWords}</span>
      </span>
      <div className={styles.tools}>
        <Toolbar label="Console">
          <IconButton
            size="s"
            icon={Search}
            label="Search"
            shortcut={ctrlShift('F')}
            onPress={commands.search}
          />
          <IconButton
            size="s"
            icon={Copy}
            label="Copy"
            shortcut={ctrlShift('C')}
            isDisabled={!props.hasSelection}
            onPress={commands.copy}
          />
          <IconButton
            size="s"
            icon={ClipboardPaste}
            label="Paste"
            shortcut={ctrlShift('V')}
            isDisabled={!inhabited}
            onPress={commands.paste}
          />
          {props.canPopOut ? (
            <IconButton
              size="s"
              icon={ExternalLink}
              label="Open in a window of its own"
              onPress={commands.popOut}
            />
          ) : null}
          <MenuButton size="s" icon={Ellipsis} label="More" entries={moreEntries(props)} />
        </Toolbar>
      </div>
    </header>
  );
}

function UartChoice({ consoles, console, onConsole }: ConsoleBarProps) {
  const current = consoles.find((candidate) => candidate.id === console);
  if (consoles.length < 2)
    return <span className={styles.uart}>{current ? uartName(current) : console}</span>;
  return (
    <div className={styles.choice}>
      <Select
        label="UART"
        hideLabel
        value={console}
        onChange={onConsole}
        options={consoles.map((info) => ({ id: info.id, label: uartName(info) }))}
      />
    </div>
  );
}

function uartName({ label, guestName }: ConsoleInfo): string {
  return guestName === undefined || label.includes(guestName) ? label : `${label} · ${guestName}`;
}

function moreEntries({ commands, inhabited, hasEarlier, screenReader }: ConsoleBarProps): MenuEntry[] {
  return [
    {
      id: 'break',
      label: 'Send Break',
      icon: Zap,
      disabled: !inhabited,
      onAction: commands.sendBreak,
    },
    {
      id: 'fit',
      label: 'Fit guest to window…',
      icon: Scaling,
      disabled: !inhabited,
      onAction: commands.fit,
    },
    {
      id: 'larger',
      label: 'Larger text',
      icon: ZoomIn,
      shortcut: isMac ? '⌘+' : 'Ctrl++',
      separated: true,
      onAction: commands.larger,
    },
    {
      id: 'smaller',
      label: 'Smaller text',
      icon: ZoomOut,
      shortcut: isMac ? '⌘−' : 'Ctrl+−',
      onAction: commands.smaller,
    },
    {
      id: 'earlier',
      label: 'Load earlier output',
      icon: History,
      disabled: !hasEarlier,
      separated: true,
      onAction: commands.loadEarlier,
    },
    { id: 'save', label: 'Save log…', icon: Download, onAction: commands.saveLog },
    { id: 'clear', label: 'Clear…', icon: Eraser, danger: true, onAction: commands.clear },
    {
      id: 'reader',
      label: screenReader ? 'Stop reading output aloud' : 'Read output with a screen reader',
      icon: Speech,
      separated: true,
      onAction: commands.toggleScreenReader,
    },
    { id: 'keys', label: 'Keyboard…', icon: Keyboard, onAction: commands.showKeys },
  ];
}
