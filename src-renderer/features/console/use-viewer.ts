// Joins a viewer to React: made when its element appears, made anew for another console, gone with the component.
import { type RefCallback, useCallback, useEffect, useRef, useState } from 'react';
import { useDark } from '../../components/use-dark.ts';
import type { ConsoleStatus } from './session.ts';
import type { ConsoleShortcut } from './shortcuts.ts';
import { darkTheme, lightTheme } from './themes.ts';
import { createViewer, type Viewer } from './viewer.ts';

export interface ViewerHandlers {
  onShortcut(shortcut: ConsoleShortcut): void;
  onPaste(text: string): void;
  onLink(url: URL): void;
}

export interface ViewerInput {
  vmId: string;
  console: string;
  fontSize: number;
  screenReader: boolean;
  handlers: ViewerHandlers;
}

const nothingYet: ConsoleStatus = { phase: 'connecting', earlier: 0, refusal: null, failure: null };

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

export function useViewer({ vmId, console, fontSize, screenReader, handlers }: ViewerInput): {
  attach: RefCallback<HTMLElement>;
  viewer: Viewer | null;
  status: ConsoleStatus;
  size: { cols: number; rows: number };
} {
  const dark = useDark();
  const theme = dark ? darkTheme : lightTheme;
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [viewer, setViewer] = useState<Viewer | null>(null);
  const [status, setStatus] = useState(nothingYet);
  const [size, setSize] = useState({ cols: 80, rows: 24 });
  /** Read when something happens: a change of these must not make a new terminal. */
  const latest = useRef({ handlers, fontSize, screenReader, theme });
  latest.current = { handlers, fontSize, screenReader, theme };

  useEffect(() => {
    if (element === null) return undefined;
    const now = latest.current;
    setStatus(nothingYet);
    const made = createViewer(element, {
      vmId,
      console,
      fontSize: now.fontSize,
      theme: now.theme,
      screenReader: now.screenReader,
      mac: isMac,
      onShortcut: (shortcut) => latest.current.handlers.onShortcut(shortcut),
      onPaste: (text) => latest.current.handlers.onPaste(text),
      onLink: (url) => latest.current.handlers.onLink(url),
      onStatus: setStatus,
    });
    setViewer(made);
    const { terminal } = made.guest;
    // One comes to a console to type; but whoever is elsewhere on the page by keyboard is not moved.
    if (isNowhere(document.activeElement)) terminal.focus();
    terminal.onResize(setSize);
    const observer = new ResizeObserver(() => {
      // Zero while its tab is hidden: fitting to that would wrap everything at two columns.
      if (element.clientWidth > 0 && element.clientHeight > 0) made.guest.fit();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      setViewer(null);
      made.dispose();
    };
  }, [element, vmId, console]);

  useEffect(() => {
    if (viewer === null) return;
    const { terminal } = viewer.guest;
    terminal.options.theme = theme;
    terminal.options.screenReaderMode = screenReader;
    terminal.options.fontSize = fontSize;
    viewer.guest.fit();
  }, [viewer, theme, screenReader, fontSize]);

  const attach = useCallback((node: HTMLElement | null) => setElement(node), []);
  return { attach, viewer, status, size };
}

/** Or on the page as a whole, where it went when what had it was gone. */
function isNowhere(focused: Element | null): boolean {
  return focused === null || focused === document.body || focused.tagName === 'MAIN';
}
