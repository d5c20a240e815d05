// A terminal as a picture: 80 by 24, scaled to its frame, deaf to keys.
import { Terminal } from '@xterm/xterm';
import { type RefObject, useEffect, useRef, useState } from 'react';
import '@xterm/xterm/css/xterm.css';
import { useDark } from '../../components/use-dark.ts';
import { darkTheme, lightTheme, terminalFont } from './themes.ts';

const cols = 80;
const rows = 24;

export interface SmallTerminal {
  readonly frame: RefObject<HTMLDivElement | null>;
  /** null until it stands. */
  readonly terminal: Terminal | null;
  readonly dark: boolean;
}

export function useSmallTerminal(): SmallTerminal {
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
    setTerminal(made);
    return () => {
      setTerminal(null);
      observer.disconnect();
      made.dispose();
    };
  }, []);

  useEffect(() => {
    if (terminal !== null) terminal.options.theme = dark ? darkTheme : lightTheme;
  }, [terminal, dark]);

  return { frame, terminal, dark };
}
