// The few keys that Armoire keeps for itself while a terminal has the focus; every other one is the guest's.

export type ConsoleShortcut = 'copy' | 'paste' | 'search' | 'leave' | 'larger' | 'smaller' | 'normal-size';

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** `mac`: Command belongs to the app there, and Control wholly to the guest. */
export function shortcutOf(press: KeyPress, mac: boolean): ConsoleShortcut | undefined {
  if (press.altKey) return undefined;
  const key = press.key.toLowerCase();
  if (press.ctrlKey && press.shiftKey && !press.metaKey && key === 'l') return 'leave';
  if (mac) return press.metaKey && !press.ctrlKey ? macShortcut(key, press.shiftKey) : undefined;
  if (!press.ctrlKey || press.metaKey) return undefined;
  return press.shiftKey ? shiftedShortcut(key) : sizeShortcut(key);
}

function macShortcut(key: string, shift: boolean): ConsoleShortcut | undefined {
  if (!shift && key === 'c') return 'copy';
  if (!shift && key === 'v') return 'paste';
  if (!shift && key === 'f') return 'search';
  return sizeShortcut(key);
}

/** With Shift, because Ctrl+C, Ctrl+V and Ctrl+F alone are control characters that guests live by. */
function shiftedShortcut(key: string): ConsoleShortcut | undefined {
  switch (key) {
    case 'c':
      return 'copy';
    case 'v':
      return 'paste';
    case 'f':
      return 'search';
    case '+':
      return 'larger';
    default:
      return undefined;
  }
}

/** None of these is a control character; Ctrl+_ stays the guest's. */
function sizeShortcut(key: string): ConsoleShortcut | undefined {
  switch (key) {
    case '=':
    case '+':
      return 'larger';
    case '-':
      return 'smaller';
    case '0':
      return 'normal-size';
    default:
      return undefined;
  }
}

/** The shortcuts in words, for the help that the console shows. */
export function shortcutWords(mac: boolean): readonly { what: string; keys: string }[] {
  const withShift = (letter: string) => (mac ? `⌘${letter}` : `Ctrl+Shift+${letter}`);
  const plain = (sign: string) => (mac ? `⌘${sign}` : `Ctrl+${sign}`);
  return [
    { what: 'Copy the selection', keys: withShift('C') },
    { what: 'Paste', keys: withShift('V') },
    { what: 'Search', keys: withShift('F') },
    { what: 'Larger, smaller, normal text', keys: [plain('+'), plain('−'), plain('0')].join(', ') },
    { what: 'Leave the terminal', keys: mac ? '⌃⇧L' : 'Ctrl+Shift+L' },
  ];
}
