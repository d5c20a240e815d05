// Which actions of a state stand in the header as buttons; the menu has the others.
import { allowedActions, type VmAction, type VmState } from '../../../src-main/contract/vm.ts';

interface HeaderActions {
  /** Always shown: the one that this state is most often left by. */
  main: VmAction[];
  /** Shown where there is room. */
  beside: VmAction[];
}

const mostWanted: readonly VmAction[] = ['start', 'resume', 'shutdown', 'force-stop'];
const besides: readonly VmAction[] = ['snapshot', 'pause', 'reset', 'shutdown', 'force-stop'];

export function headerActions(state: VmState): HeaderActions {
  // A guest that was asked to shut down is asked again only from the menu: force is the way on.
  const allowed = allowedActions[state].filter((action) => state !== 'stopping' || action !== 'shutdown');
  const main = mostWanted.filter((action) => allowed.includes(action)).slice(0, 1);
  return { main, beside: besides.filter((action) => allowed.includes(action) && !main.includes(action)) };
}
