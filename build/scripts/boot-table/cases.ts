// What the boot table boots: board, CPU, kernel and device tree of each row.
import { join } from 'node:path';
import type { GuestFiles } from '../guests.ts';

export interface LinuxCase {
  readonly board: string;
  /** Left out: the one that Armoire picks for the board. */
  readonly cpu?: string;
  readonly kernel: 'arm64' | 'armhf';
  /** Below the kernel package's `dtbs/`; left out: the board's own, made by QEMU or shipped with Armoire. */
  readonly dtb?: string;
}

const virt = (cpu: string, kernel: LinuxCase['kernel'] = 'arm64'): LinuxCase => ({
  board: 'virt',
  cpu,
  kernel,
});

/** Stock Debian kernels; boards that need another kernel are not here. */
export const linuxCases: readonly LinuxCase[] = [
  virt('cortex-a53'),
  virt('cortex-a57'),
  virt('cortex-a72'),
  virt('cortex-a76'),
  virt('neoverse-n1'),
  virt('max'),
  virt('cortex-a15', 'armhf'),
  { board: 'xlnx-zcu102', kernel: 'arm64' },
  { board: 'xlnx-versal-virt', kernel: 'arm64' },
  { board: 'raspi3b', kernel: 'arm64', dtb: 'broadcom/bcm2837-rpi-3-b.dtb' },
  { board: 'imx8mp-evk', kernel: 'arm64', dtb: 'freescale/imx8mp-evk.dtb' },
  { board: 'vexpress-a9', kernel: 'armhf', dtb: 'vexpress-v2p-ca9.dtb' },
  { board: 'vexpress-a15', kernel: 'armhf', dtb: 'vexpress-v2p-ca15-tc1.dtb' },
  { board: 'raspi2b', kernel: 'armhf', dtb: 'bcm2836-rpi-2-b.dtb' },
  { board: 'sabrelite', kernel: 'armhf', dtb: 'imx6q-sabrelite.dtb' },
  { board: 'mcimx7d-sabre', kernel: 'armhf', dtb: 'imx7d-sdb.dtb' },
  { board: 'mcimx6ul-evk', kernel: 'armhf', dtb: 'imx6ul-14x14-evk.dtb' },
  { board: 'orangepi-pc', kernel: 'armhf', dtb: 'sun8i-h3-orangepi-pc.dtb' },
  { board: 'cubieboard', kernel: 'armhf', dtb: 'sun4i-a10-cubieboard.dtb' },
  { board: 'bpim2u', kernel: 'armhf', dtb: 'sun8i-r40-bananapi-m2-ultra.dtb' },
  { board: 'highbank', kernel: 'armhf', dtb: 'highbank.dtb' },
  { board: 'midway', kernel: 'armhf', dtb: 'ecx-2000.dtb' },
  { board: 'smdkc210', kernel: 'armhf', dtb: 'exynos4210-smdkv310.dtb' },
  { board: 'ast2600-evb', kernel: 'armhf', dtb: 'aspeed-ast2600-evb.dtb' },
];

/** A Cortex-M board and how its serial port prints a byte. */
export interface MicrocontrollerCase {
  readonly board: string;
  /** Address that a byte is written to. */
  readonly dataRegister: number;
  /** Words to write first: enable the port. */
  readonly setup: readonly (readonly [address: number, value: number])[];
  /** Where vectors and code go. */
  readonly flash: number;
  readonly stackTop: number;
}

export const microcontrollerCases: readonly MicrocontrollerCase[] = [
  {
    // CMSDK APB UART: DATA 0x0, CTRL 0x8 (TX enable), BAUDDIV 0x10; Arm DDI 0479.
    board: 'mps2-an385',
    dataRegister: 0x4000_4000,
    setup: [
      [0x4000_4010, 16],
      [0x4000_4008, 1],
    ],
    flash: 0,
    stackTop: 0x2000_2000,
  },
  {
    // STM32F405 USART1: DR 0x4, CR1 0xc (UE, TE); ST RM0090.
    board: 'netduinoplus2',
    dataRegister: 0x4001_1004,
    setup: [[0x4001_100c, 0x2008]],
    flash: 0x0800_0000,
    stackTop: 0x2000_2000,
  },
  {
    // Stellaris UART0, a PL011: DR 0x0, CR 0x30.
    board: 'lm3s6965evb',
    dataRegister: 0x4000_c000,
    setup: [[0x4000_c030, 0x101]],
    flash: 0,
    stackTop: 0x2000_2000,
  },
];

export function linuxFiles(
  one: LinuxCase,
  guests: GuestFiles,
): { kernel: string; initrd: string; dtb?: string } {
  const guest = guests[one.kernel];
  return {
    kernel: guest.kernel,
    initrd: guest.initrd,
    ...(one.dtb !== undefined && { dtb: join(guest.dtbs, one.dtb) }),
  };
}
