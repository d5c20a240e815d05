// Sets xterm.js up as a guest's screen: safe against what the guest prints, and nothing here knows of React.
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { type ITheme, Terminal } from '@xterm/xterm';
import { formatBytes } from '../../components/format.ts';
import { mayReachGuest } from './replies.ts';
import type { ConsoleScreen } from './session.ts';
import { type ConsoleShortcut, shortcutOf } from './shortcuts.ts';
import { terminalFont } from './themes.ts';

export interface TerminalOptions {
  fontSize: number;
  theme: ITheme;
  scrollback: number;
  screenReader: boolean;
  mac: boolean;
  /** Bytes (one character each for `binary`) that the user or the terminal says to the guest. */
  onInput(data: string | Uint8Array): void;
  /** Whether this viewer answers the guest's questions to the terminal. */
  mayAnswer(): boolean;
  onShortcut(shortcut: ConsoleShortcut): void;
  onPaste(text: string): void;
  /** An http(s) link was clicked; nothing is opened yet. */
  onLink(url: URL): void;
}

export interface GuestTerminal {
  readonly terminal: Terminal;
  readonly search: SearchAddon;
  readonly screen: ConsoleScreen;
  readonly renderer: 'webgl' | 'dom';
  fit(): void;
  /** Modes that a guest which is gone may have left: alternate screen, mouse and paste modes, colours. */
  forgetModes(): void;
  dispose(): void;
}

/** CSI ! p does the rest, but keeps the alternate screen, bracketed paste and mouse reports. */
const forgetModes =
  '\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?2004l\x1b[!p\x1b[?25h';

export function createTerminal(container: HTMLElement, options: TerminalOptions): GuestTerminal {
  const terminal = new Terminal({
    allowProposedApi: true, // search decorations and unicode versions are still marked as proposed
    fontFamily: terminalFont,
    fontSize: options.fontSize,
    lineHeight: 1.15,
    theme: options.theme,
    scrollback: options.scrollback,
    screenReaderMode: options.screenReader,
    minimumContrastRatio: 4.5,
    cursorBlink: false,
    cursorInactiveStyle: 'outline',
    macOptionIsMeta: true,
    // What a guest prints may be no escape sequence; the page's console has nothing to do with it.
    logLevel: 'off',
    overviewRuler: { width: 10 },
    // Some serial consoles print line feeds alone; adding carriage returns would garble the others.
    convertEol: false,
    linkHandler: {
      activate: (_event, text) => follow(text),
      allowNonHttpProtocols: false,
    },
  });
  const follow = (text: string) => {
    const url = webUrl(text);
    if (url !== undefined) options.onLink(url);
  };

  const fitter = new FitAddon();
  const search = new SearchAddon({ highlightLimit: 2000 });
  terminal.loadAddon(fitter);
  terminal.loadAddon(search);
  terminal.loadAddon(new Unicode11Addon());
  terminal.loadAddon(new WebLinksAddon((_event, text) => follow(text)));
  terminal.unicode.activeVersion = '11';
  // OSC 52 sets or reads the clipboard. Nothing here implements it; this keeps it so when an addon comes.
  terminal.parser.registerOscHandler(52, () => true);

  let replaying = true;
  terminal.onData((data) => {
    if (mayReachGuest(data, { replaying, elected: options.mayAnswer() })) options.onInput(data);
  });
  terminal.onBinary((data) => options.onInput(Uint8Array.from(data, (c) => c.charCodeAt(0))));
  terminal.attachCustomKeyEventHandler((event) => {
    const shortcut = shortcutOf(event, options.mac);
    if (shortcut === undefined) return true;
    // The browser's own paste event follows and needs no permission to read the clipboard.
    if (shortcut !== 'paste') {
      event.preventDefault();
      if (event.type === 'keydown') options.onShortcut(shortcut);
    }
    return false;
  });

  const takePaste = (event: ClipboardEvent) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (text !== '') options.onPaste(text);
  };
  container.addEventListener('paste', takePaste, { capture: true });

  terminal.open(container);
  const renderer = loadWebgl(terminal);

  return {
    terminal,
    search,
    renderer,
    screen: {
      write: (bytes, shown) => terminal.write(bytes, shown),
      // RIS, so that it takes its turn after what is still to be parsed.
      reset: () => terminal.write('\x1bc'),
      gap: (bytes) => terminal.write(gapMark(bytes)),
      replaying: (value) =>
        terminal.write('', () => {
          replaying = value;
        }),
    },
    fit: () => fitter.fit(),
    forgetModes: () => terminal.write(forgetModes),
    dispose() {
      container.removeEventListener('paste', takePaste, { capture: true });
      terminal.dispose();
    },
  };
}

/** Only http and https, parsed, so that the confirmation shows what would really be opened. */
export function webUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

function gapMark(bytes: number): string {
  return `\r\n\x1b[0;2m── ${formatBytes(bytes)} of output are gone here: the log reached its size limit ──\x1b[0m\r\n`;
}

/** Names that drivers emulating a GPU on the CPU give themselves. */
const software = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/**
 * WebGL only on a real GPU: emulated in software it is slower than the DOM renderer, which also keeps the text
 * in the page for assistive technology and for tests.
 */
function loadWebgl(terminal: Terminal): 'webgl' | 'dom' {
  if (!hasGpu()) return 'dom';
  const webgl = new WebglAddon();
  webgl.onContextLoss(() => webgl.dispose());
  try {
    terminal.loadAddon(webgl);
  } catch {
    webgl.dispose();
    return 'dom';
  }
  return 'webgl';
}

function hasGpu(): boolean {
  const probe = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (probe === null) return false;
  const names = probe.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(probe.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? probe.RENDERER));
  probe.getExtension('WEBGL_lose_context')?.loseContext();
  return !software.test(renderer);
}
