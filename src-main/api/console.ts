// Consoles: tickets for their byte channels, and what can be done with them.
import { Fault } from '../contract/fault.ts';
import { clearConsole, consoleOf, exportLog, sendBreak } from '../vm/console-verbs.ts';
import type { ApiContext } from './context.ts';
import { downloadName, keepForDownload } from './downloads.ts';
import type { Implementer } from './implement.ts';

export function consoleProcedures(os: Implementer, context: ApiContext) {
  const { supervisor, tickets, shell, directories } = context;
  return {
    open: os.console.open.handler(async ({ input }) => {
      const console = await consoleOf(supervisor.machine(input.id), input.console);
      const { from, tail } = input;
      return {
        ticket: tickets.issue({
          kind: 'console',
          attach: (channel) => console.attach(channel, { from, tail }),
        }),
      };
    }),
    sendBreak: os.console.sendBreak.handler(async ({ input }) => {
      await sendBreak(supervisor.machine(input.id), input.console);
      return {};
    }),
    clear: os.console.clear.handler(async ({ input }) => {
      await clearConsole(supervisor.machine(input.id), input.console);
      return {};
    }),
    logFile: os.console.logFile.handler(async ({ input }) => {
      const console = await consoleOf(supervisor.machine(input.id), input.console);
      return { path: console.store.liveFile };
    }),
    saveLog: os.console.saveLog.handler(async ({ input }) => {
      const machine = supervisor.machine(input.id);
      const console = await consoleOf(machine, input.console);
      const name = supervisor.view(input.id).definition?.name ?? input.id;
      const fileName = `${downloadName(name, 'console')} ${input.console}.log`;
      if (shell.saveFile) {
        const target = await shell.saveFile({ suggestedName: fileName });
        if (target !== null) await exportLog(console, target);
        return { ticket: null, savedAs: target };
      }
      const file = await keepForDownload(directories.cache, (target) => exportLog(console, target));
      return { ticket: tickets.issue({ kind: 'download', path: file, fileName }), savedAs: null };
    }),
    openWindow: os.console.openWindow.handler(async ({ input }) => {
      await consoleOf(supervisor.machine(input.id), input.console);
      if (!shell.openConsoleWindow) {
        throw new Fault({
          code: 'unsupported',
          message: 'In the browser, the page opens console windows itself.',
          remedy: 'Open the console’s address in another tab.',
        });
      }
      shell.openConsoleWindow(input.id, input.console);
      return {};
    }),
  };
}
