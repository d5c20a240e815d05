// Parts of a definition in few words.
import type { PortForward, VmDefinition } from '../../../src-main/contract/definition.ts';

/** The last part of a path, of either kind of slash. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}

export function bootWords({ boot, loaders }: VmDefinition): string {
  switch (boot.kind) {
    case 'uefi':
      return 'UEFI firmware';
    case 'kernel':
      return [boot.kernel, boot.initrd, boot.dtb]
        .filter((file) => file !== undefined)
        .map(fileName)
        .join(' + ');
    case 'bios':
      return `Firmware ${fileName(boot.file)}`;
    case 'pflash':
      return `Firmware in flash, ${fileName(boot.code)}`;
    case 'elf':
      return `Bare-metal ELF ${fileName(boot.file)}`;
    case 'loader':
      return loaders
        .map(({ file, address }) => (address ? `${fileName(file)} at ${address}` : fileName(file)))
        .join(', ');
    case 'media':
      return 'The board’s own boot media';
  }
}

/** `127.0.0.1:2222 → 22/tcp` */
export function forwardWords({ protocol, hostAddress, hostPort, guestPort }: PortForward): string {
  return `${hostAddress}:${hostPort} → ${guestPort}/${protocol}`;
}

/** How to log in over a forward to the guest's SSH port; undefined for any other. */
export function sshCommand({ protocol, hostAddress, hostPort, guestPort }: PortForward): string | undefined {
  if (protocol !== 'tcp' || guestPort !== 22) return undefined;
  return `ssh -p ${hostPort} ${hostAddress === '0.0.0.0' ? '127.0.0.1' : hostAddress}`;
}
