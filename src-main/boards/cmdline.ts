// The `console=` words of a kernel's command line: read them, replace them.
import type { BoardCard } from '../contract/board.ts';

type Uarts = BoardCard['uarts'];

const word = /(^|\s)console=(\S*)/g;

/** Devices that are no UART of a board: the screen, and what the kernel drops. */
const notSerial = /^(tty\d*|null|)$/;

/** Device names of every `console=`, options after the comma left away; the screen (`tty0`) is not one. */
export function consolesOf(cmdline: string): string[] {
  return [...cmdline.matchAll(word)]
    .map(([, , device = '']) => device.split(',')[0] ?? '')
    .filter((device) => !notSerial.test(device));
}

/** Which of the UARTs a device name means. */
export function knownUart(device: string, uarts: Uarts): number | undefined {
  const index = uarts.findIndex(({ guestName }) => guestName === device);
  return index === -1 ? undefined : index;
}

/** The command line with serial consoles replaced by this one (its options kept), or added when there was none. */
export function withConsole(cmdline: string, device: string): string {
  let done = false;
  const replaced = cmdline.replace(word, (whole, space: string, value: string) => {
    const [old = '', ...options] = value.split(',');
    if (notSerial.test(old)) return whole;
    if (done) return '';
    done = true;
    return `${space}console=${[device, ...options].join(',')}`;
  });
  return done ? replaced : `${cmdline} console=${device}`.trim();
}
