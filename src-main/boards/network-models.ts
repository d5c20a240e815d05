// Network controllers that a board takes and this QEMU has, the one to prefer first.
import type { QemuCapabilities } from '../contract/qemu.ts';
import type { Board } from './board.ts';

/** `onboard` is the board's own controller, wired by `-nic`. */
export function networkModels(board: Board, qemu: QemuCapabilities): string[] {
  const added = board.network.models.filter((model) => qemu.devices.includes(model));
  return board.network.onboard === undefined ? added : ['onboard', ...added];
}
