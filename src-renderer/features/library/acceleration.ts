// The best accelerator that can be used here.
import type { AcceleratorReport } from '../../../src-main/contract/qemu.ts';

/** Hardware virtualisation before emulation; QEMU without either still reports why. */
export function acceleration(reports: readonly AcceleratorReport[]): AcceleratorReport {
  const usable = reports.filter((report) => report.usable);
  return (
    usable.find((report) => report.name !== 'tcg') ??
    usable[0] ??
    reports[0] ?? { name: 'tcg', usable: false, reason: 'This QEMU names no accelerator.' }
  );
}
