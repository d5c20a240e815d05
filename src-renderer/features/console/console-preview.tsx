// The last screen of a console, small: follows the guest, takes no keys, answers nothing.
import { Terminal } from '@xterm/xterm';
import { useEffect, useRef, useState } from 'react';
import '@xterm/xterm/css/xterm.css';
import { openBytes } from '../../client/byte-channel.ts';
import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';
import { useDark } from '../../components/use-dark.ts';
import type { ConsoleProps } from '../../slots.ts';
import styles from './console-preview.module.css';
import { startSession } from './session.ts';
import { darkTheme, lightTheme, terminalFont } from './themes.ts';

const cols = 80;
const rows = 24;
/** More than a screen, so that the last one is whole. */
const tail = 16 * 1024;

export function ConsolePreview({ vmId, console }: ConsoleProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [terminal, setTerminal] = useState<Terminal | null>(null);
  const dark = useDark();

  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const made = new Terminal({
      cols,
      rows,
      scrollback: 0,
      disableStdin: true,
      logLevel: 'off',
      cursorInactiveStyle: 'none',
      fontFamily: terminalFont,
      minimumContrastRatio: 4.5,
      linkHandler: { activate: () => {} },
    });
    made.open(element);
    const scale = () => {
      // Characters are about 0.6 em wide; the picture is as wide as its frame.
      if (element.clientWidth > 0) made.options.fontSize = Math.max(3, element.clientWidth / cols / 0.61);
    };
    scale();
    const observer = new ResizeObserver(scale);
    observer.observe(element);
    const session = startSession({
      tail,
      open: async (position) =>
        openBytes((await client.console.open({ id: vmId, console, ...position })).ticket),
      screen: {
        write: (bytes, shown) => made.write(bytes, shown),
        reset: () => made.write('\x1bc'),
        gap: () => {},
        replaying: () => {},
      },
      explain: (error) => {
        const fault = faultOf(error);
        return { message: fault.message, final: fault.code === 'not-found' };
      },
      onStatus: () => {},
      later: (run, ms) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    });
    setTerminal(made);
    return () => {
      setTerminal(null);
      observer.disconnect();
      session.close();
      made.dispose();
    };
  }, [vmId, console]);

  useEffect(() => {
    if (terminal !== null) terminal.options.theme = dark ? darkTheme : lightTheme;
  }, [terminal, dark]);

  return (
    <div className={styles.preview} data-dark={dark} role="img" aria-label="The console’s last screen">
      <div ref={frame} className={styles.frame} inert />
    </div>
  );
}
