// Where on this computer a VM's launch finds and puts its things.
import path from 'node:path';
import type { HostFacts } from '../boards/accelerator.ts';
import type { VmDefinition } from '../contract/definition.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import type { LaunchContext } from '../qemu/launch.ts';
import { consolesOf } from './machine-view.ts';
import { consoleInputPipe, consoleLogFile, logsDirectory, qmpSocket } from './names.ts';

export interface LaunchPlaces {
  id: string;
  directory: string;
  runtimeDirectory: string;
  qemu: QemuCapabilities;
  host: HostFacts;
  resourcesDirectory: string;
  layers?: LaunchContext['layers'];
  incoming?: boolean;
  mappedRam?: LaunchContext['mappedRam'];
}

export function launchContext(definition: VmDefinition, places: LaunchPlaces): LaunchContext {
  const { id, directory, runtimeDirectory, qemu, host, resourcesDirectory } = places;
  return {
    vmId: id,
    vmDirectory: directory,
    qmpSocket: path.join(runtimeDirectory, qmpSocket),
    qemu,
    host,
    resourcesDirectory,
    ...(places.layers && { layers: places.layers }),
    ...(places.incoming && { incoming: true, mappedRam: places.mappedRam }),
    consoles: consolesOf(definition).map((console) => ({
      id: console.id,
      logPath: path.join(directory, logsDirectory, consoleLogFile(console.id)),
      inputPath: path.join(runtimeDirectory, consoleInputPipe(console.id)),
    })),
  };
}
