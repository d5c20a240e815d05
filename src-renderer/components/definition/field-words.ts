// A field of the definition in the words of the pages.
const words: Readonly<Record<string, string>> = {
  name: 'Name',
  note: 'Note',
  origin: 'Origin',
  machine: 'Board',
  cpu: 'CPU',
  vcpus: 'vCPUs',
  memoryMiB: 'Memory',
  accelerator: 'Acceleration',
  boot: 'Boot',
  loaders: 'Loaded files',
  disks: 'Disks',
  network: 'Network',
  uarts: 'Consoles',
  debug: 'Debugging',
  machineOptions: 'Board options',
};

const inner: Readonly<Record<string, string>> = {
  '/boot/kernel': 'Kernel',
  '/boot/initrd': 'Initial RAM disk',
  '/boot/dtb': 'Device tree',
  '/boot/cmdline': 'Kernel command line',
  '/network/model': 'Network device',
  '/network/mac': 'MAC address',
  '/network/forwards': 'Port forwards',
  '/machineOptions/gicVersion': 'Interrupt controller',
  '/machineOptions/virtualization': 'EL2',
  '/machineOptions/secure': 'EL3',
  '/machineOptions/highmem': 'High memory',
  '/machineOptions/mte': 'Memory tagging',
  '/machineOptions/iommu': 'IOMMU',
  '/debug/gdb': 'GDB stub',
  '/debug/startHalted': 'Start halted',
  '/debug/semihosting': 'Semihosting',
};

/** `/disks/0/file` is `Disk 1`; a pointer that has no words of its own takes those of what it is in. */
export function fieldWords(pointer: string): string {
  const [, root = '', part] = pointer.split('/');
  const precise = inner[pointer] ?? inner[`/${root}/${part}`];
  if (precise !== undefined) return precise;
  if (root === 'disks' && part !== undefined) return `Disk ${Number(part) + 1}`;
  if (root === 'loaders' && part !== undefined) return `Loaded file ${Number(part) + 1}`;
  return words[root] ?? pointer;
}
