// What the machine starts with: firmware in flash, a kernel, a bare-metal program, loaded images.
import type { LoaderImage, VmDefinition } from '../../contract/definition.ts';
import type { ExplainedArgument } from '../../contract/vm.ts';
import type { Launch, LaunchImage } from '../launch.ts';
import { type BlockNode, blockJson, driveParts } from './block.ts';
import { argument, optionList, optionValue, refused, resolveFile } from './words.ts';

type Unit = 'code' | 'vars';

const unitNumber: Record<Unit, 0 | 1> = { code: 0, vars: 1 };

const unitWhy: Record<Unit, string> = {
  code: 'The firmware’s code, in the first flash; the guest cannot change it.',
  vars: 'The firmware’s variables (boot entries, settings) of this machine, in the second flash.',
};

function flashUnit(image: LaunchImage, unit: Unit, setting: string, launch: Launch): ExplainedArgument[] {
  const { flash, flashBytes } = launch.wiring;
  const node: BlockNode = {
    nodeName: `pflash.${unit}`,
    image: launch.blankDrives && flashBytes !== undefined ? { blankBytes: flashBytes } : image,
    readOnly: unit === 'code',
  };
  const number = unitNumber[unit];
  if (flash === 'drive') {
    return [
      argument(
        ['-drive', optionList('if=pflash', `unit=${number}`, ...driveParts(node))],
        setting,
        unitWhy[unit],
      ),
    ];
  }
  return [
    argument(['-blockdev', blockJson(node)], setting, unitWhy[unit]),
    argument(
      ['-machine', `pflash${number}=${node.nodeName}`],
      setting,
      'Which of the board’s two flashes it is.',
    ),
  ];
}

function flash(definition: VmDefinition, launch: Launch): ExplainedArgument[] {
  const { firmware } = launch;
  if (!firmware) {
    throw refused(
      '/boot',
      'No firmware was found for this board.',
      'Use the QEMU that comes with Armoire, which has UEFI firmware, or boot in another way.',
    );
  }
  const setting = (unit: Unit) => (definition.boot.kind === 'pflash' ? `/boot/${unit}` : '/boot');
  if (firmware.mapping === 'memory') {
    return [
      argument(['-bios', firmware.code.path], setting('code'), 'The firmware, copied into memory at start.'),
    ];
  }
  return [
    ...flashUnit(firmware.code, 'code', setting('code'), launch),
    ...(firmware.vars ? flashUnit(firmware.vars, 'vars', setting('vars'), launch) : []),
  ];
}

/** The user's device tree, or the one that ships with Armoire for this board. */
function deviceTree(dtb: string | undefined, launch: Launch): ExplainedArgument[] {
  const { shippedTree, vmDirectory } = launch;
  if (dtb !== undefined) {
    const why = 'The device tree that tells the kernel what the board has.';
    return [argument(['-dtb', resolveFile(vmDirectory, dtb)], '/boot/dtb', why)];
  }
  if (shippedTree === undefined) return [];
  const why =
    'The device tree that comes with Armoire, since QEMU makes none for this board; one of your own takes its place.';
  return [argument(['-dtb', shippedTree], '/boot', why)];
}

function kernel(
  boot: Extract<VmDefinition['boot'], { kind: 'kernel' }>,
  launch: Launch,
): ExplainedArgument[] {
  const file = (name: string) => resolveFile(launch.vmDirectory, name);
  const { initrd, dtb, cmdline } = boot;
  return [
    argument(
      ['-kernel', file(boot.kernel)],
      '/boot/kernel',
      'The Linux kernel that QEMU loads itself, without firmware.',
    ),
    ...(initrd === undefined
      ? []
      : [argument(['-initrd', file(initrd)], '/boot/initrd', 'The first file system of the kernel.')]),
    ...deviceTree(dtb, launch),
    ...(cmdline === ''
      ? []
      : [argument(['-append', cmdline], '/boot/cmdline', 'The kernel’s command line.')]),
  ];
}

export function bootArguments(definition: VmDefinition, launch: Launch): ExplainedArgument[] {
  const { boot } = definition;
  switch (boot.kind) {
    case 'uefi':
    case 'pflash':
      return flash(definition, launch);
    case 'kernel':
      return kernel(boot, launch);
    case 'bios':
      return [
        argument(
          ['-bios', resolveFile(launch.vmDirectory, boot.file)],
          '/boot/file',
          'The firmware that the first core starts with.',
        ),
      ];
    case 'elf':
      return [
        argument(
          ['-kernel', resolveFile(launch.vmDirectory, boot.file)],
          '/boot/file',
          'The program, loaded where its ELF headers say and started at its entry.',
        ),
      ];
    case 'loader':
      if (definition.loaders.length === 0) {
        throw refused(
          '/loaders',
          'There is no image to load.',
          'Add one to the loader list, or boot in another way.',
        );
      }
      return [];
    case 'media':
      return [];
    default:
      return boot satisfies never;
  }
}

function loader({ file, address, core }: LoaderImage, index: number, launch: Launch): ExplainedArgument {
  const what =
    address === undefined
      ? 'An ELF file, loaded where its headers say'
      : `A file, loaded as it is at ${address}`;
  return argument(
    [
      '-device',
      optionList(
        'loader',
        `file=${optionValue(resolveFile(launch.vmDirectory, file))}`,
        // Without force-raw QEMU would load an ELF by its headers and ignore the address.
        address === undefined ? undefined : `addr=${address},force-raw=on`,
        core === undefined ? undefined : `cpu-num=${core}`,
      ),
    ],
    `/loaders/${index}`,
    core === undefined ? `${what}.` : `${what}; core ${core} starts in it.`,
  );
}

export function loaderArguments({ loaders }: VmDefinition, launch: Launch): ExplainedArgument[] {
  return loaders.map((image, index) => loader(image, index, launch));
}
