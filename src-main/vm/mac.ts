// Network addresses for new VMs.
import { randomBytes } from 'node:crypto';

/** A random address under 52:54:00, the locally administered prefix that QEMU's own default has. */
export function randomMac(): string {
  const tail = [...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, '0'));
  return ['52', '54', '00', ...tail].join(':');
}
