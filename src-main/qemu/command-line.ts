// QEMU's command line as a pure function of definition and launch: no file system, environment, clock or log.
import type { VmDefinition } from '../contract/definition.ts';
import type { ExplainedArgument } from '../contract/vm.ts';
import { bootArguments, loaderArguments } from './arguments/boot.ts';
import { diskArguments, virtioModel } from './arguments/disks.ts';
import {
  consoleArguments,
  controlArguments,
  debugArguments,
  hardeningArguments,
  identityArguments,
  incomingArguments,
} from './arguments/host.ts';
import { machineArguments } from './arguments/machine.ts';
import { networkArguments } from './arguments/network.ts';
import { sparePortArguments } from './arguments/spare-ports.ts';
import { argument } from './arguments/words.ts';
import type { Launch } from './launch.ts';

function randomArguments(launch: Launch): ExplainedArgument[] {
  if (launch.wiring.expansion === 'none') return [];
  return [
    argument(
      ['-device', `${virtioModel('virtio-rng', launch, '/machine')},id=rng`],
      null,
      'Random numbers from this computer, so that the guest need not wait for its own.',
    ),
  ];
}

/**
 * The arguments behind the program's name, each with the setting that made it. Throws `Fault` bad-input for a
 * definition that no command line can express; whether it makes sense is for the rules to say.
 */
export function commandLine(definition: VmDefinition, launch: Launch): ExplainedArgument[] {
  return [
    ...identityArguments(definition, launch),
    ...hardeningArguments(launch),
    ...machineArguments(definition, launch),
    ...bootArguments(definition, launch),
    ...loaderArguments(definition, launch),
    ...diskArguments(definition, launch),
    ...networkArguments(definition, launch),
    ...randomArguments(launch),
    ...sparePortArguments(definition, launch),
    ...consoleArguments(definition, launch),
    ...controlArguments(launch),
    ...debugArguments(definition),
    ...incomingArguments(launch),
  ];
}

/** The words as a program is started with them. */
export function wordsOf(explained: readonly ExplainedArgument[]): string[] {
  return explained.flatMap(({ words }) => words);
}
