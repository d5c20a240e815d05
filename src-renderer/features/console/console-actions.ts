// What the console's toolbar asks of the main side and of the browser.

import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';
import { download } from '../../client/transfer.ts';
import { copyText } from '../../components/copy-button.tsx';
import { showToast } from '../../components/toasts.ts';

export interface ConsoleId {
  vmId: string;
  console: string;
}

/** Runs it; a fault becomes a toast that begins with `failed`. */
export async function report(failed: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    showToast({ kind: 'fault', title: failed, fault: faultOf(error) });
  }
}

export function sendBreak({ vmId, console }: ConsoleId): Promise<void> {
  return report('The Break was not sent', () => client.console.sendBreak({ id: vmId, console }));
}

export function clearConsole({ vmId, console }: ConsoleId): Promise<void> {
  return report('The console was not cleared', () => client.console.clear({ id: vmId, console }));
}

export function saveLog({ vmId, console }: ConsoleId): Promise<void> {
  return report('The log was not saved', async () => {
    const { ticket, savedAs } = await client.console.saveLog({ id: vmId, console });
    if (ticket !== null) download(ticket);
    if (savedAs !== null) showToast({ kind: 'done', message: `Saved as ${savedAs}.` });
  });
}

/** In the browser the link opens there, not on the computer that runs the machines. */
export function openLink(url: URL, desktop: boolean): Promise<void> {
  return report('The link was not opened', async () => {
    if (desktop) await client.host.openLink({ url: url.href });
    else window.open(url.href, '_blank', 'noopener,noreferrer');
  });
}

export async function copySelection(selection: string): Promise<void> {
  if (selection === '') return;
  await report('Nothing was copied', () => copyText(selection));
}

/** null where the browser does not let the page read the clipboard, or is not asked to. */
export async function readClipboard(): Promise<string | null> {
  try {
    return (await navigator.clipboard?.readText()) ?? null;
  } catch {
    return null;
  }
}
