// A guest's serial console: its bar, its terminal, and what has to be said about it.
import { type ReactNode, useState } from 'react';
import '@xterm/xterm/css/xterm.css';
import { allowedActions } from '../../../src-main/contract/vm.ts';
import { useDark } from '../../components/use-dark.ts';
import { navigate, useRoute } from '../../routes.ts';
import type { ConsoleProps } from '../../slots.ts';
import { openConsoleWindow } from '../../stores/console-window.ts';
import { useHost } from '../../stores/host.ts';
import { useSettings } from '../../stores/settings.ts';
import { requestAction } from '../../stores/vm-actions.ts';
import { useVm } from '../../stores/vms.ts';
import { ConfirmClear } from './confirm-clear.tsx';
import {
  clearConsole,
  copySelection,
  openLink,
  readClipboard,
  saveLog,
  sendBreak,
} from './console-actions.ts';
import { ConsoleBar, type ConsoleCommands } from './console-bar.tsx';
import { ConsoleNotes, StoppedBar, useRefusal } from './console-notes.tsx';
import { consoleState, consoleStateWords } from './console-state.ts';
import styles from './console-view.module.css';
import { FitDialog, sizeCommand, type TerminalSize } from './fit-dialog.tsx';
import { useFontSize } from './font-size.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { LinkDialog } from './link-dialog.tsx';
import { reviewPaste } from './paste.ts';
import { PasteDialog, PasteHereDialog } from './paste-dialog.tsx';
import { useScreenReader } from './screen-reader.ts';
import { SearchBar } from './search-bar.tsx';
import type { ConsoleShortcut } from './shortcuts.ts';
import { useFocusAfter, useModeReset, useSelection, useTopReached } from './use-terminal-events.ts';
import { useViewer } from './use-viewer.ts';

interface ConsoleViewProps extends ConsoleProps {
  /** In a window of its own: the machine's name. */
  title?: ReactNode;
}

type Asking =
  | { what: 'paste'; text: string }
  | { what: 'paste-here' }
  | { what: 'link'; url: URL }
  | { what: 'fit' }
  | { what: 'clear' }
  | { what: 'keys' };

export function ConsoleView({ vmId, console, title }: ConsoleViewProps) {
  const id = { vmId, console };
  const vm = useVm(vmId);
  const desktop = useHost().info?.capabilities.mode === 'desktop';
  const settings = useSettings();
  const route = useRoute();
  const dark = useDark();
  const font = useFontSize();
  const [screenReader, setScreenReader] = useScreenReader();
  const [asking, setAsking] = useState<Asking | null>(null);
  const [searching, setSearching] = useState(false);
  const [told, setTold] = useState<TerminalSize | null>(null);

  const typePasted = (text: string) => {
    setAsking(null);
    viewer?.guest.terminal.paste(text);
  };
  const paste = (text: string) => {
    const ask = (settings?.confirmPaste ?? true) && reviewPaste(text).needsConfirmation;
    if (ask) setAsking({ what: 'paste', text });
    else typePasted(text);
  };
  const shortcuts: Record<Exclude<ConsoleShortcut, 'paste'>, () => void> = {
    copy: () => commands.copy(),
    search: () => setSearching(true),
    leave: () => document.getElementById(leaveTo)?.focus(),
    larger: () => font.change(1),
    smaller: () => font.change(-1),
    'normal-size': () => font.reset(),
  };
  const { attach, viewer, status, size } = useViewer({
    ...id,
    fontSize: font.size,
    screenReader,
    handlers: {
      onShortcut: (shortcut) => {
        if (shortcut !== 'paste') shortcuts[shortcut]();
      },
      onPaste: paste,
      onLink: (url) => setAsking({ what: 'link', url }),
    },
  });
  const state = consoleState(status, vm?.state);
  const refusal = useRefusal(status.refusal, state);
  const startable = vm !== undefined && allowedActions[vm.state].includes('start');
  const inhabited = state === 'live' || state === 'replaying';
  const hasSelection = useSelection(viewer);
  const atTop = useTopReached(viewer);
  useModeReset(viewer, vm?.state);
  useFocusAfter(asking !== null || searching, viewer);
  const leaveTo = `leave-${vmId}-${console}`;

  const close = () => setAsking(null);
  const commands: ConsoleCommands = {
    search: () => setSearching(true),
    copy: () => void copySelection(viewer?.guest.terminal.getSelection() ?? ''),
    paste: async () => {
      const text = await readClipboard();
      if (text === null) setAsking({ what: 'paste-here' });
      else if (text !== '') paste(text);
    },
    popOut: () => void openConsoleWindow(vmId, console),
    sendBreak: () => void sendBreak(id),
    fit: () => setAsking({ what: 'fit' }),
    larger: () => font.change(1),
    smaller: () => font.change(-1),
    loadEarlier: () => viewer?.loadEarlier(4),
    saveLog: () => void saveLog(id),
    clear: () => setAsking({ what: 'clear' }),
    toggleScreenReader: () => setScreenReader(!screenReader),
    showKeys: () => setAsking({ what: 'keys' }),
  };
  const tellSize = (line: string) => {
    viewer?.session.type(line);
    setTold(size);
    close();
  };

  return (
    <section
      className={styles.view}
      aria-label="Console"
      data-console={console}
      data-console-state={state}
      data-console-renderer={viewer?.guest.renderer}
    >
      <ConsoleBar
        title={title}
        consoles={vm?.consoles ?? []}
        console={console}
        onConsole={(chosen) =>
          navigate(
            route.page === 'console'
              ? { page: 'console', id: vmId, console: chosen }
              : { page: 'vm', id: vmId, tab: 'console', console: chosen },
          )
        }
        state={state}
        stateWords={consoleStateWords(state, vm?.state)}
        inhabited={inhabited}
        hasSelection={hasSelection}
        hasEarlier={status.earlier > 0}
        screenReader={screenReader}
        canPopOut={route.page !== 'console'}
        commands={commands}
      />
      <div className={styles.stage}>
        {searching && viewer ? (
          <SearchBar search={viewer.guest.search} dark={dark} onClose={() => setSearching(false)} />
        ) : null}
        <div className={styles.frame} data-dark={dark}>
          <div className={styles.terminal} ref={attach} />
        </div>
        <ConsoleNotes
          refusal={refusal}
          state={state}
          status={status}
          atTop={atTop}
          size={size}
          toldSize={told}
          onTellSize={() => tellSize(`${sizeCommand(size)}\r`)}
          onForgetSize={() => setTold(null)}
          onLoadEarlier={commands.loadEarlier}
          onSaveLog={commands.saveLog}
          onRetry={() => viewer?.retry()}
        />
      </div>
      {state === 'stopped' ? (
        <StoppedBar
          refusal={refusal}
          saved={vm?.state === 'saved'}
          onStart={startable ? () => void requestAction(vmId, 'start') : undefined}
        />
      ) : null}
      <p id={leaveTo} tabIndex={-1} className={styles.left}>
        Left the terminal. Tab goes on, Shift+Tab goes back.
      </p>
      {asking?.what === 'paste' ? (
        <PasteDialog
          text={asking.text}
          bracketed={viewer?.guest.terminal.modes.bracketedPasteMode ?? false}
          onPaste={typePasted}
          onClose={close}
        />
      ) : null}
      {asking?.what === 'paste-here' ? <PasteHereDialog onPaste={paste} onClose={close} /> : null}
      {asking?.what === 'link' ? (
        <LinkDialog
          url={asking.url}
          onOpen={() => {
            void openLink(asking.url, desktop);
            close();
          }}
          onClose={close}
        />
      ) : null}
      {asking?.what === 'fit' ? <FitDialog size={size} onType={tellSize} onClose={close} /> : null}
      {asking?.what === 'clear' ? (
        <ConfirmClear
          onClear={() => {
            void clearConsole(id);
            close();
          }}
          onClose={close}
        />
      ) : null}
      {asking?.what === 'keys' ? <KeysDialog onClose={close} /> : null}
    </section>
  );
}
