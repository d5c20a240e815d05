// Rules about the GDB stub's port.
import { freePort } from '../free-port.ts';
import { type CheckContext, type Finding, type Rule, setTo } from '../rule.ts';

function gdbPort(context: CheckContext): Finding | undefined {
  const { enabled, port } = context.definition.debug.gdb;
  if (!enabled) return undefined;
  const { network } = context.definition;
  const forward =
    network.mode === 'user' &&
    network.forwards.some(({ protocol, hostPort }) => protocol === 'tcp' && hostPort === port);
  const by = forward ? 'a port forward of this machine' : context.facts.busyPorts.get(`tcp:${port}`);
  if (by === undefined) return undefined;
  const free = freePort(context, 'tcp', port + 1);
  return {
    field: '/debug/gdb/port',
    message: `Port ${port} is in use by ${by}; the GDB stub cannot listen there, and QEMU refuses to start.`,
    ...(free === undefined ? {} : { fix: setTo(`Use ${free}`, '/debug/gdb/port', free) }),
  };
}

export const debugRules: readonly Rule<CheckContext>[] = [
  { id: 'debug-gdb-port', severity: 'error', find: gdbPort },
];
