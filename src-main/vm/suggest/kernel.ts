// A Linux kernel with its own command line, initrd and device tree.
import { withConsole } from '../../boards/cmdline.ts';
import type { BootHeader } from '../../contract/image.ts';
import type { Suggestion, WizardSource } from '../../contract/vm.ts';
import { beginSuggestion, type SuggestContext } from './base.ts';
import { requireFile } from './require-file.ts';

type KernelSource = Extract<WizardSource, { kind: 'kernel' }>;

export async function suggestKernel(
  source: KernelSource,
  context: SuggestContext,
  name: string,
): Promise<Suggestion> {
  const { kernel, initrd, dtb, cmdline = '' } = source;
  const { header } = await requireFile(kernel, '/boot/kernel');
  if (initrd !== undefined) await requireFile(initrd, '/boot/initrd');
  if (dtb !== undefined) await requireFile(dtb, '/boot/dtb');
  const bits = kernelBits(header);
  const boot = {
    kind: 'kernel' as const,
    kernel,
    ...(initrd !== undefined && { initrd }),
    ...(dtb !== undefined && { dtb }),
    cmdline,
  };
  const begun = beginSuggestion(
    { origin: 'kernel', name, boot, memoryMiB: 1024, vcpus: 2, bits, network: 'plain' },
    context,
  );
  const device = begun.board.uarts[0]?.guestName;
  const words =
    device === undefined || /(^|\s)console=/.test(cmdline) ? cmdline : withConsole(cmdline, device);
  return {
    request: { definition: { ...begun.definition, boot: { ...boot, cmdline: words } }, provisions: [] },
    reasons: {
      ...begun.reasons,
      '/boot/kernel': describeKernel(header),
      ...(words !== cmdline && {
        '/boot/cmdline': `console=${device} is the board’s first UART: without it the kernel prints nothing here.`,
      }),
    },
  };
}

/** A compressed kernel does not tell its width: 64-bit ones are by far the most. */
function kernelBits(header: BootHeader | undefined): 32 | 64 {
  if (header?.type === 'linux-arm') return 32;
  if (header?.type === 'elf') return header.bits;
  if (header?.type === 'pe') return header.machineName.startsWith('ARM') ? 32 : 64;
  return 64;
}

function describeKernel(header: BootHeader | undefined): string {
  switch (header?.type) {
    case 'linux-arm64':
      return header.pageSizeKiB === undefined
        ? 'A 64-bit Linux kernel.'
        : `A 64-bit Linux kernel with pages of ${header.pageSizeKiB} KiB.`;
    case 'linux-arm':
      return 'A 32-bit Linux kernel.';
    case 'compressed':
      return `Compressed with ${header.with}; taken for a 64-bit kernel.`;
    case 'elf':
      return `A ${header.bits}-bit ELF for ${header.machineName}.`;
    default:
      return 'Its header does not say what it is; taken for a 64-bit kernel.';
  }
}
