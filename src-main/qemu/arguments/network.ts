// The network card and what it is connected to.
import type { PortForward, VmDefinition } from '../../contract/definition.ts';
import type { ExplainedArgument } from '../../contract/vm.ts';
import type { Launch } from '../launch.ts';
import { argument, optionList } from './words.ts';

/** The network's id, on the command line and in `hostfwd_add`. */
export const networkId = 'net0';

/** The rule as `-netdev user` and `hostfwd_add` take it: `tcp:127.0.0.1:2222-:22`. */
export function forwardRule({ protocol, hostAddress, hostPort, guestPort }: PortForward): string {
  return `${protocol}:${hostAddress}:${hostPort}-:${guestPort}`;
}

const forwardList = (forwards: readonly PortForward[]) =>
  forwards.map((forward) => `hostfwd=${forwardRule(forward)}`);

/** Devices that are not on PCI and so have no option ROM. */
const isOnPci = (model: string) => !model.startsWith('usb-') && !model.endsWith('-device');

export function networkArguments({ network }: VmDefinition, launch: Launch): ExplainedArgument[] {
  const { mode, model, mac, forwards } = network;
  switch (mode) {
    case 'none':
      return [];
    case 'user': {
      const why = 'A network behind QEMU’s own NAT: the guest reaches out, in come only the forwarded ports.';
      if (model === 'onboard') {
        const value = optionList('user', `id=${networkId}`, `mac=${mac}`, ...forwardList(forwards));
        return [argument(['-nic', value], '/network', `${why} The card is the board’s own.`)];
      }
      const usbBus = model.startsWith('usb-') && launch.wiring.usb === 'added' ? 'bus=xhci.0' : undefined;
      return [
        argument(
          ['-netdev', optionList('user', `id=${networkId}`, ...forwardList(forwards))],
          '/network/forwards',
          why,
        ),
        argument(
          [
            '-device',
            optionList(
              model,
              'id=nic0',
              `netdev=${networkId}`,
              `mac=${mac}`,
              usbBus,
              // The ROMs that QEMU would load hold x86 code: no ARM firmware can run them.
              isOnPci(model) ? 'romfile=' : undefined,
            ),
          ],
          '/network',
          'The network card.',
        ),
      ];
    }
    default:
      return mode satisfies never;
  }
}
