import { expect, test } from 'vitest';
import type { MapRegion } from '../../../../src-main/contract/memory-map.ts';
import { cDefines, ldMemory } from './exports.ts';

function region(name: string, start: string, size: string, changes: Partial<MapRegion> = {}): MapRegion {
  return {
    start,
    end: start,
    size,
    name,
    label: name,
    kind: 'device',
    compatible: [],
    interrupts: [],
    made: 'yes',
    ...changes,
  };
}

test('names are what C takes, and no two are the same', () => {
  const text = cDefines(
    [
      region('pl011@9000000', '0x09000000', '0x1000', { interrupts: ['SPI 1 (33), level high'] }),
      region('flash@0 #0', '0x00000000', '0x04000000', { kind: 'flash' }),
      region('flash@0 #1', '0x04000000', '0x04000000', { kind: 'flash' }),
      region('virtio_mmio@a000000', '0x0a000000', '0x200'),
      region('virtio_mmio@a000200', '0x0a000200', '0x200'),
      region('virtio_mmio_0', '0x0b000000', '0x200'),
      region('pcie@10000000', '0x8000000000', '0x8000000000'),
      region('usb2 port #1', '0x0c000000', '0x10'),
      region('7 segments', '0x0d000000', '0x10'),
    ],
    'virt */ 10.0',
  );
  expect(text).toBe(`/* Memory map of virt * / 10.0 */
#define PL011_BASE 0x09000000UL
#define PL011_SIZE 0x1000UL
#define PL011_IRQ 33
#define FLASH_0_BASE 0x00000000UL
#define FLASH_0_SIZE 0x04000000UL
#define FLASH_1_BASE 0x04000000UL
#define FLASH_1_SIZE 0x04000000UL
#define VIRTIO_MMIO_1_BASE 0x0a000000UL
#define VIRTIO_MMIO_1_SIZE 0x200UL
#define VIRTIO_MMIO_2_BASE 0x0a000200UL
#define VIRTIO_MMIO_2_SIZE 0x200UL
#define VIRTIO_MMIO_0_BASE 0x0b000000UL
#define VIRTIO_MMIO_0_SIZE 0x200UL
#define PCIE_BASE 0x8000000000ULL
#define PCIE_SIZE 0x8000000000ULL
#define USB2_PORT_1_BASE 0x0c000000UL
#define USB2_PORT_1_SIZE 0x10UL
#define REGION_7_SEGMENTS_BASE 0x0d000000UL
#define REGION_7_SEGMENTS_SIZE 0x10UL
`);
});

test('the linker gets memory only', () => {
  const text = ldMemory([
    region('flash@0 #0', '0x00000000', '0x04000000', { kind: 'flash' }),
    region('pl011@9000000', '0x09000000', '0x1000'),
    region('memory@40000000', '0x40000000', '0x08000000', { kind: 'ram' }),
  ]);
  expect(text).toBe(`MEMORY
{
  flash_0 (rx) : ORIGIN = 0x00000000, LENGTH = 0x04000000
  ram (rwx) : ORIGIN = 0x40000000, LENGTH = 0x08000000
}
`);
});
