// Native dialogs: questions with buttons, and faults where there is no window to show them in.
import { type BrowserWindow, dialog } from 'electron';
import type { FaultData } from '../contract/fault.ts';
import type { Answer, Question } from './quit.ts';

export async function askNatively(owner: BrowserWindow | undefined, question: Question): Promise<Answer> {
  const options = {
    type: 'question' as const,
    message: question.message,
    detail: question.detail,
    buttons: question.buttons,
    defaultId: 0,
    cancelId: question.buttons.length - 1,
    noLink: true,
    ...(question.checkbox !== undefined && { checkboxLabel: question.checkbox }),
  };
  const { response, checkboxChecked } = owner
    ? await dialog.showMessageBox(owner, options)
    : await dialog.showMessageBox(options);
  return { button: response, checked: checkboxChecked };
}

export function showFault(fault: FaultData): void {
  const detail = fault.detail === undefined ? '' : `\n\n${fault.detail}`;
  dialog.showErrorBox(fault.message, `${fault.remedy}${detail}`);
}
