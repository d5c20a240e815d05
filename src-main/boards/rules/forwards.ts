// Rules about port forwards: duplicates, busy and privileged ports, each with a free port to take instead.
import type { PortForward, VmDefinition } from '../../contract/definition.ts';
import { freePort } from '../free-port.ts';
import { type CheckContext, type Finding, type Rule, removeAt, setTo } from '../rule.ts';

const portField = (index: number) => `/network/forwards/${index}/hostPort`;

/** 0.0.0.0 takes the port on every address. */
function clash(a: PortForward, b: PortForward): boolean {
  if (a.protocol !== b.protocol || a.hostPort !== b.hostPort) return false;
  return a.hostAddress === b.hostAddress || [a.hostAddress, b.hostAddress].includes('0.0.0.0');
}

function inUse({ network }: VmDefinition): readonly PortForward[] {
  return network.mode === 'user' ? network.forwards : [];
}

function onFreePort(context: CheckContext, forward: PortForward, index: number) {
  const port = freePort(context, forward.protocol, Math.max(forward.hostPort + 1, 1024));
  return port === undefined ? undefined : setTo(`Use ${port}`, portField(index), port);
}

function withFix(finding: Finding, fix: Finding['fix'] | undefined): Finding {
  return fix === undefined ? finding : { ...finding, fix };
}

function duplicates(context: CheckContext): Finding[] {
  const forwards = inUse(context.definition);
  return forwards.flatMap((forward, index) => {
    const earlier = forwards.slice(0, index).find((other) => clash(other, forward));
    if (earlier === undefined) return [];
    if (earlier.guestPort === forward.guestPort) {
      return {
        field: `/network/forwards/${index}`,
        message: `Port ${forward.hostPort} is forwarded to the same port twice; QEMU refuses the second.`,
        fix: removeAt('Remove it', `/network/forwards/${index}`),
      };
    }
    return withFix(
      {
        field: portField(index),
        message: `Port ${forward.hostPort} of this computer can lead to one port of the guest, and it already leads to ${earlier.guestPort}.`,
      },
      onFreePort(context, forward, index),
    );
  });
}

function busy(context: CheckContext): Finding[] {
  return inUse(context.definition).flatMap((forward, index) => {
    const by = context.facts.busyPorts.get(`${forward.protocol}:${forward.hostPort}`);
    if (by === undefined) return [];
    return withFix(
      {
        field: portField(index),
        message: `Port ${forward.hostPort} of this computer is in use by ${by}; QEMU cannot set up the forward and refuses to start.`,
      },
      onFreePort(context, forward, index),
    );
  });
}

function privileged(context: CheckContext): Finding[] {
  if (context.facts.canBindPrivileged) return [];
  return inUse(context.definition).flatMap((forward, index) => {
    if (forward.hostPort >= 1024) return [];
    const port = freePort(context, forward.protocol, forward.hostPort + 8000);
    return withFix(
      {
        field: portField(index),
        message: `Ports below 1024 belong to the system’s administrator; QEMU may not listen on ${forward.hostPort} and refuses to start.`,
      },
      port === undefined ? undefined : setTo(`Use ${port}`, portField(index), port),
    );
  });
}

function open(context: CheckContext): Finding[] {
  return inUse(context.definition).flatMap((forward, index) =>
    forward.hostAddress.startsWith('127.')
      ? []
      : {
          field: `/network/forwards/${index}/hostAddress`,
          message: `Port ${forward.hostPort} is open to every computer that reaches ${forward.hostAddress === '0.0.0.0' ? 'this one' : forward.hostAddress}.`,
          fix: setTo('Keep it to this computer', `/network/forwards/${index}/hostAddress`, '127.0.0.1'),
        },
  );
}

export const forwardRules: readonly Rule<CheckContext>[] = [
  { id: 'forward-duplicate', severity: 'error', find: duplicates },
  { id: 'forward-busy', severity: 'error', find: busy },
  { id: 'forward-privileged', severity: 'error', find: privileged },
  { id: 'forward-open', severity: 'hint', find: open },
  {
    id: 'forward-unused',
    severity: 'hint',
    find: ({ definition: { network } }) =>
      network.mode === 'none' && network.forwards.length > 0
        ? { field: '/network/mode', message: 'Without a network the port forwards lead nowhere.' }
        : undefined,
  },
];
