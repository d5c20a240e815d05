// Firmware and bare metal: by -bios, in flash memory, as an ELF, or loaded at an address.
import { hexAddress } from '../../contract/definition.ts';
import { Fault } from '../../contract/fault.ts';
import type { BootHeader } from '../../contract/image.ts';
import type { Suggestion, WizardSource } from '../../contract/vm.ts';
import { beginSuggestion, type SuggestContext } from './base.ts';
import { requireFile } from './require-file.ts';

type FirmwareSource = Extract<WizardSource, { kind: 'firmware' }>;

/** virt's RAM begins at 0x40000000, and QEMU keeps its first MiB for the device tree (hw/arm/boot.c, arm_load_dtb). */
const usualAddress = '0x40100000';

export async function suggestFirmware(
  source: FirmwareSource,
  context: SuggestContext,
  name: string,
): Promise<Suggestion> {
  const { header } = await requireFile(source.file, fileField[source.how]);
  const bits = header?.type === 'elf' ? header.bits : 64;
  const begun = beginSuggestion(
    { origin: 'firmware', name, boot: bootOf(source), memoryMiB: 512, vcpus: 1, bits, network: 'plain' },
    context,
  );
  const { definition, reasons } = begun;
  if (source.how !== 'loader') {
    return {
      request: { definition, provisions: [] },
      reasons: { ...reasons, '/boot': routeReasons[source.how] },
    };
  }
  const address = loadAddress(source, header);
  return {
    request: {
      definition: {
        ...definition,
        loaders: [{ file: source.file, ...(address !== undefined && { address }), core: 0 }],
      },
      provisions: [],
    },
    reasons: {
      ...reasons,
      '/loaders/0/address':
        address === undefined
          ? 'An ELF says itself where it belongs.'
          : `Loaded to ${address}, where core 0 starts; RAM begins at 0x40000000 with the device tree.`,
    },
  };
}

const fileField = {
  bios: '/boot/file',
  elf: '/boot/file',
  pflash: '/boot/code',
  loader: '/loaders/0/file',
} as const;

const routeReasons = {
  bios: 'QEMU maps the file where the CPU starts, at address 0.',
  elf: 'QEMU loads it by its program headers and starts at its entry.',
  pflash: 'The file is the board’s first flash memory, where the CPU starts.',
} as const;

function bootOf({ how, file }: FirmwareSource) {
  switch (how) {
    case 'bios':
      return { kind: 'bios' as const, file };
    case 'elf':
      return { kind: 'elf' as const, file };
    case 'pflash':
      return { kind: 'pflash' as const, code: file };
    case 'loader':
      return { kind: 'loader' as const };
  }
}

function loadAddress({ address }: FirmwareSource, header: BootHeader | undefined): string | undefined {
  if (header?.type === 'elf' && address === undefined) return undefined;
  const parsed = hexAddress.safeParse(address ?? usualAddress);
  if (parsed.success) return parsed.data;
  throw new Fault({
    code: 'bad-input',
    message: `“${address}” is not an address.`,
    remedy: 'Write it in hexadecimal, such as 0x40100000.',
    field: '/loaders/0/address',
  });
}
