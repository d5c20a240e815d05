// Quitting while VMs run: ask, keep them running, save their state, or shut them down, as the user has settled it.
import type { Settings } from '../contract/host.ts';

export interface RunningVm {
  id: string;
  name: string;
}

export interface Question {
  message: string;
  detail: string;
  /** The first is the default, the last means cancel. */
  buttons: string[];
  checkbox?: string;
}

export interface Answer {
  /** Index of the button. */
  button: number;
  checked: boolean;
}

export interface QuitSurroundings {
  running(): RunningVm[];
  onQuit: Settings['onQuit'];
  ask(question: Question): Promise<Answer>;
  remember(choice: Exclude<Settings['onQuit'], 'ask'>): Promise<void>;
  /** Resolves when all ended or the time is up. */
  shutDownAll(): Promise<void>;
  /** Resolves when all are saved, apart from those that cannot be. */
  saveAll(): Promise<void>;
}

/** Whether to quit. VMs keep running unless they were saved or shut down. */
export async function settleQuit(around: QuitSurroundings): Promise<boolean> {
  const running = around.running();
  if (running.length === 0) return true;
  const choice = around.onQuit === 'ask' ? await choose(around, running) : around.onQuit;
  switch (choice) {
    case 'keep-running':
      return true;
    case 'cancel':
      return false;
    case 'shut-down':
      await around.shutDownAll();
      return around.running().length === 0 || (await quitAnyway(around, notShutDown));
    case 'save-state':
      await around.saveAll();
      return around.running().length === 0 || (await quitAnyway(around, notSaved));
  }
}

async function choose(
  around: QuitSurroundings,
  running: RunningVm[],
): Promise<Exclude<Settings['onQuit'], 'ask'> | 'cancel'> {
  const answer = await around.ask({
    message:
      running.length === 1
        ? 'A virtual machine is running.'
        : `${running.length} virtual machines are running.`,
    detail: `${namesOf(running)}\n\nThey can go on without Armoire: nothing that they print is lost, and they are back here at the next start. Save state puts their memory on disk, to go on from there later.`,
    buttons: ['Keep running', 'Save state', 'Shut down', 'Cancel'],
    checkbox: 'Remember my choice',
  });
  const choice = (['keep-running', 'save-state', 'shut-down'] as const)[answer.button];
  if (choice === undefined) return 'cancel';
  if (answer.checked) await around.remember(choice);
  return choice;
}

interface Leftover {
  one: string;
  many: string;
  why: string;
}

const notShutDown: Leftover = {
  one: 'One did not shut down in time.',
  many: 'did not shut down in time.',
  why: 'A guest without an operating system that knows a power button cannot be asked. Force stop it in the library, or leave it running.',
};

const notSaved: Leftover = {
  one: 'The state of one could not be saved.',
  many: 'could not be saved.',
  why: 'They go on running as before; the library tells why.',
};

async function quitAnyway(around: QuitSurroundings, { one, many, why }: Leftover): Promise<boolean> {
  const left = around.running();
  const answer = await around.ask({
    message: left.length === 1 ? one : `${left.length} ${many}`,
    detail: `${namesOf(left)}\n\n${why}`,
    buttons: ['Quit and keep running', 'Cancel'],
  });
  return answer.button === 0;
}

const namesShown = 6;

function namesOf(vms: RunningVm[]): string {
  const shown = vms.slice(0, namesShown).map(({ name }) => name);
  const more = vms.length - shown.length;
  return more > 0 ? `${shown.join('\n')}\nand ${more} more` : shown.join('\n');
}
