// What Create will do, step by step and in words, before it is done.
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import type { CreateRequest, Provision } from '../../../src-main/contract/vm.ts';

export function outline(request: CreateRequest, size: (bytes: number) => string): string[] {
  const { definition, provisions } = request;
  return [
    `A folder for “${definition.name.trim()}” is made in the library.`,
    ...provisions.map((step) => provisionWords(step, size)),
    ...usedInPlace(definition).map((path) => `${path} is used where it is.`),
    bootWords(definition),
    ...networkWords(definition),
  ];
}

function provisionWords(step: Provision, size: (bytes: number) => string): string {
  switch (step.kind) {
    case 'sample':
      return 'The sample program that ships with Armoire is copied into it.';
    case 'new-disk':
      return `An empty disk “${step.diskId}” is made: ${size(step.sizeBytes)} for the guest, a few hundred KiB on this computer until it is written to.`;
    case 'copy-disk':
      return `${step.from} is copied as “${step.diskId}”, unpacked where it is packed; the original stays as it is.`;
  }
}

/** Files of the user's, by their absolute paths; relative ones are in the machine's own folder. */
function usedInPlace({ boot, loaders, disks }: VmDefinition): string[] {
  const files = [...bootFiles(boot), ...loaders.map(({ file }) => file), ...disks.map(({ file }) => file)];
  return [...new Set(files.filter((file) => file.startsWith('/')))];
}

function bootFiles(boot: VmDefinition['boot']): string[] {
  switch (boot.kind) {
    case 'uefi':
    case 'loader':
    case 'media':
      return [];
    case 'kernel':
      return [boot.kernel, boot.initrd, boot.dtb].filter((file) => file !== undefined);
    case 'bios':
    case 'elf':
      return [boot.file];
    case 'pflash':
      return [boot.code, boot.vars].filter((file) => file !== undefined);
  }
}

function bootWords({ boot, loaders }: VmDefinition): string {
  switch (boot.kind) {
    case 'uefi':
      return 'It starts by UEFI firmware, with variables of its own.';
    case 'kernel':
      return boot.initrd === undefined
        ? 'QEMU loads the kernel and starts it.'
        : 'QEMU loads the kernel and the initial RAM disk and starts them.';
    case 'bios':
      return 'It starts the firmware image at the reset address.';
    case 'pflash':
      return 'It starts the firmware from its parallel flash.';
    case 'elf':
      return 'QEMU loads the ELF by its program headers and starts it at its entry.';
    case 'loader': {
      const [first] = loaders;
      return first?.address === undefined
        ? 'QEMU loads the file and starts it.'
        : `QEMU loads the file at ${first.address} and starts it there.`;
    }
    case 'media':
      return 'It starts from the board’s own boot media.';
  }
}

function networkWords({ network }: VmDefinition): string[] {
  if (network.mode === 'none') return ['It has no network.'];
  if (network.forwards.length === 0)
    return ['It reaches the network through this computer; nothing reaches it from outside.'];
  return [
    'It reaches the network through this computer; from outside, only these ports of it can be reached:',
    ...network.forwards.map(
      ({ protocol, hostAddress, hostPort, guestPort }) =>
        `${protocol.toUpperCase()} ${hostAddress}:${hostPort} of this computer is passed on to its port ${guestPort}.`,
    ),
  ];
}
