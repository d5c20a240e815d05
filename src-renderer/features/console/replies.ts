// What a terminal says by itself: answers to the guest's questions, told apart from what a person typed.

/**
 * xterm.js reports its own answers and the user's keys by the same event. The answers it can give are device
 * attributes (`CSI … c`), status and cursor reports (`CSI … n`, `CSI … R`), modes (`CSI … $ y`), sizes (`CSI … t`),
 * focus (`CSI I`, `CSI O`), settings (`DCS … ST`) and colours (`OSC … ST`): @xterm/xterm 6.0, InputHandler.ts and
 * CoreBrowserTerminal.ts, calls of `triggerDataEvent` without `wasUserInput`. No key or paste has one of these
 * forms, but for F3 with a modifier (`CSI 1 ; m R`), which the cursor report is indistinguishable from.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it recognises
const answer = /^(?:\x1b\[[?>=]?[\d;]*(?:[cnR]|\$y|t)|\x1b\[[IO]|\x1b[P\]][^\x1b\x07]*(?:\x1b\\|\x07))+$/;

export function isTerminalAnswer(data: string): boolean {
  return answer.test(data);
}

export interface AnswerCircumstances {
  /** Old bytes are being shown: whoever asked is gone. */
  readonly replaying: boolean;
  /** Several viewers show one UART: a question gets one answer. */
  readonly elected: boolean;
}

/** Whether `data`, as reported by the terminal, is to reach the guest. */
export function mayReachGuest(data: string, circumstances: AnswerCircumstances): boolean {
  if (!isTerminalAnswer(data)) return true;
  return !circumstances.replaying && circumstances.elected;
}
