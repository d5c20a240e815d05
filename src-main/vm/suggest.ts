// The wizard's first answer turned into a whole VM, each value with its reason.
import type { Suggestion, WizardSource } from '../contract/vm.ts';
import type { MachineContext } from './machine.ts';
import type { SuggestContext } from './suggest/base.ts';
import { suggestFirmware } from './suggest/firmware.ts';
import { suggestKernel } from './suggest/kernel.ts';
import { suggestDisk, suggestIso } from './suggest/media.ts';
import { suggestSample } from './suggest/sample.ts';
import { nameFromFile, uniqueName } from './suggest/unique-name.ts';

/** `name`: the user's own; left out, one made from the source. Throws Fault `file-unusable`, `image-refused`, `bad-input`. */
export async function suggestVm(
  source: WizardSource,
  name: string | undefined,
  context: MachineContext,
): Promise<Suggestion> {
  const suggesting = await suggestContext(context);
  const settled = name?.trim() || uniqueName(usualName(source), suggesting.names);
  switch (source.kind) {
    case 'sample':
      return suggestSample(suggesting, settled);
    case 'kernel':
      return suggestKernel(source, suggesting, settled);
    case 'firmware':
      return suggestFirmware(source, suggesting, settled);
    case 'iso':
      return suggestIso(source, suggesting, settled);
    case 'disk':
      return suggestDisk(source, suggesting, settled);
  }
}

function usualName(source: WizardSource): string {
  switch (source.kind) {
    case 'sample':
      return 'Sample';
    case 'kernel':
      return 'Linux kernel';
    case 'firmware':
      return nameFromFile(source.file, 'Firmware');
    case 'iso':
      return nameFromFile(source.iso, 'Linux');
    case 'disk':
      return nameFromFile(source.image, 'Disk');
  }
}

async function suggestContext(context: MachineContext): Promise<SuggestContext> {
  const definitions = context.library
    .list()
    .flatMap((record) => (record.kind === 'usable' ? [record.document.definition] : []));
  return {
    qemu: await context.finder.require(),
    host: context.host,
    resourcesDirectory: context.resourcesDirectory,
    names: definitions.map((definition) => definition.name),
    takenPorts: new Set(
      definitions.flatMap(({ network }) =>
        network.forwards.map(({ protocol, hostPort }) => `${protocol}:${hostPort}`),
      ),
    ),
  };
}
