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
  const theme = dark ? darkTheme : lightTheme;
  const latest = useRef(theme);
  latest.current = theme;

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
      // From the first frame on: it would begin as xterm's black otherwise.
      theme: latest.current,
      linkHandler: { activate: () => {} },
    });
    made.open(element);
    // Characters are about 0.6 em wide.
    const draw = (width: number) => {
      made.options.fontSize = Math.max(3, width / cols / 0.61);
    };
    const scale = () => {
      const { clientWidth } = element;
      if (clientWidth === 0) return;
      draw(clientWidth);
      // Where the font's are wider, the last column would be cut off.
      const drawn = element.querySelector('.xterm-screen')?.clientWidth ?? 0;
      if (drawn > clientWidth) draw((clientWidth * clientWidth) / drawn);
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
    if (terminal !== null) terminal.options.theme = theme;
  }, [terminal, theme]);

  return { frame, terminal, dark };
}
