// A console in a window of its own: the desktop opens one, in the browser the page does.
import { client } from '../client/client.ts';
import { faultOf } from '../client/faults.ts';
import { showToast } from '../components/toasts.ts';
import { formatRoute } from '../routes.ts';
import { host } from './host.ts';

export async function openConsoleWindow(id: string, console: string): Promise<void> {
  if (host.getState().info?.capabilities.mode === 'browser') {
    // The name makes a second click turn to the window that is there already.
    const page = formatRoute({ page: 'console', id, console });
    window.open(page, `armoire-console-${id}-${console}`, 'popup,width=860,height=560')?.focus();
    return;
  }
  try {
    await client.console.openWindow({ id, console });
  } catch (error) {
    showToast({ kind: 'fault', fault: faultOf(error) });
  }
}
