// Rules about the network controller: one that the board takes, and that this QEMU has.
import { networkModels } from '../network-models.ts';
import { type BoardContext, type Finding, type Rule, setTo } from '../rule.ts';

const off = setTo('Go without a network', '/network/mode', 'none');

function model(context: BoardContext): Finding | undefined {
  const { board, definition, facts } = context;
  const { mode, model: asked } = definition.network;
  if (mode === 'none' || !board.listed) return undefined;
  const usable = networkModels(board, facts.qemu);
  if (usable.includes(asked)) return undefined;
  const better = usable[0];
  const known = asked === 'onboard' || board.network.models.includes(asked);
  const message =
    asked === 'onboard'
      ? `${board.name} has no network controller of its own; the guest would have no network.`
      : known
        ? `This QEMU was built without ${asked} and refuses to start.`
        : `${board.name} has no place for ${asked}; QEMU refuses to start.`;
  return {
    field: '/network/model',
    message,
    fix: better === undefined ? off : setTo(`Use ${better}`, '/network/model', better),
  };
}

function userNetwork({ definition, facts }: BoardContext): Finding | undefined {
  if (definition.network.mode !== 'user' || facts.qemu.features.includes('user-network')) return undefined;
  return {
    field: '/network/mode',
    message: 'This QEMU was built without user-mode networking (slirp) and refuses to start with it.',
    fix: off,
  };
}

/** IEEE 802: an odd first octet is a group address, which no controller may have. */
function multicast({ definition }: BoardContext): Finding | undefined {
  const { mac, mode } = definition.network;
  const first = Number.parseInt(mac.slice(0, 2), 16);
  if (mode === 'none' || first % 2 === 0) return undefined;
  const single = `${(first - 1).toString(16).padStart(2, '0')}${mac.slice(2)}`;
  return {
    field: '/network/mac',
    message: `${mac} is a group address: the guest cannot use it as its own.`,
    fix: setTo(`Use ${single}`, '/network/mac', single),
  };
}

export const networkRules: readonly Rule[] = [
  { id: 'network-model', severity: 'error', find: model },
  { id: 'network-user', severity: 'error', find: userNetwork },
  { id: 'network-mac', severity: 'error', find: multicast },
];
