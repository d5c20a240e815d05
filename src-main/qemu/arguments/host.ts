// What does not concern the guest's hardware: identity, hardening, consoles, QMP, debugging.
import type { VmDefinition } from '../../contract/definition.ts';
import type { ExplainedArgument } from '../../contract/vm.ts';
import type { Launch } from '../launch.ts';
import { argument, optionList, optionValue, refused } from './words.ts';

/** Linux cuts a process name after 15 bytes (prctl(2) PR_SET_NAME). */
const processName = (vmId: string) => `armoire:${vmId.slice(0, 7)}`;

export function identityArguments({ name }: VmDefinition, launch: Launch): ExplainedArgument[] {
  // Elsewhere QEMU refuses to start with process= (os-posix.c os_set_proc_name).
  const process = launch.host.platform === 'linux' ? `process=${processName(launch.vmId)}` : undefined;
  return [
    argument(
      ['-name', optionList(`guest=${optionValue(name)}`, process)],
      '/name',
      'The machine’s name, and the name of its process on this computer.',
    ),
    argument(
      ['-uuid', launch.vmId],
      null,
      'Who this is: Armoire asks for it before it takes over a running QEMU.',
    ),
    argument(['-msg', 'timestamp=on'], null, 'Lines in the log begin with their time.'),
  ];
}

export function hardeningArguments({ features }: Launch): ExplainedArgument[] {
  return [
    argument(['-no-user-config'], null, 'No configuration file of this computer changes the machine.'),
    argument(['-nodefaults'], null, 'No device but those named here.'),
    ...(features.includes('sandbox')
      ? [
          argument(
            ['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
            null,
            'The kernel lets QEMU start no program and gain no rights, should a guest break out of it.',
          ),
        ]
      : []),
    argument(['-display', 'none'], null, 'No window of QEMU’s own.'),
    argument(
      ['-audio', 'none'],
      null,
      'No sound: boards with a sound chip would not start without a sound system.',
    ),
  ];
}

export function consoleArguments(definition: VmDefinition, launch: Launch): ExplainedArgument[] {
  if (launch.consoles.length !== definition.uarts) {
    throw refused(
      '/uarts',
      `${definition.uarts} consoles are asked for and ${launch.consoles.length} are prepared.`,
      'Start the machine again.',
    );
  }
  return launch.consoles.flatMap(({ id, logPath, inputPath }) => [
    argument(
      [
        '-chardev',
        optionList(
          'file',
          `id=${id}`,
          `path=${optionValue(logPath)}`,
          `input-path=${optionValue(inputPath)}`,
          'append=on',
        ),
      ],
      '/uarts',
      'Output goes to a file, so that no reader can hold up the guest; keys come in by a pipe.',
    ),
    argument(['-serial', `chardev:${id}`], '/uarts', 'The next UART of the board has this console.'),
  ]);
}

export function controlArguments({ qmpSocket }: Launch): ExplainedArgument[] {
  return [
    argument(
      ['-chardev', optionList('socket', 'id=qmp', `path=${optionValue(qmpSocket)}`, 'server=on', 'wait=off')],
      null,
      'The socket by which Armoire controls QEMU; only this user can reach it.',
    ),
    argument(['-mon', 'chardev=qmp,mode=control'], null, 'QMP, QEMU’s control protocol, is spoken there.'),
  ];
}

/** `-S`: who gives it the memory also says when it runs. */
export function incomingArguments({ incoming }: Launch): ExplainedArgument[] {
  if (!incoming) return [];
  return [
    argument(['-incoming', 'defer'], null, 'The guest goes on from a saved memory instead of starting anew.'),
    argument(['-S'], null, 'It waits until all of that is loaded.'),
  ];
}

export function debugArguments({ debug }: VmDefinition): ExplainedArgument[] {
  const { gdb, startHalted, semihosting } = debug;
  return [
    ...(gdb.enabled
      ? [argument(['-gdb', `tcp:127.0.0.1:${gdb.port}`], '/debug/gdb', 'GDB can attach from this computer.')]
      : []),
    ...(semihosting
      ? [
          argument(
            ['-semihosting-config', 'enable=on,target=native'],
            '/debug/semihosting',
            'The guest may print, and read and write this user’s files, by semihosting calls.',
          ),
        ]
      : []),
    ...(startHalted
      ? [argument(['-S'], '/debug/startHalted', 'The cores wait until they are told to run.')]
      : []),
  ];
}
