import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../boards/accelerator.ts';
import { armServer, pc, qemu10, withHardware } from '../boards/fixtures/samples.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { createRequest, type Suggestion, type WizardSource } from '../contract/vm.ts';
import { inTemporaryDirectory } from '../lib/temporary.ts';
import type { SuggestContext } from './suggest/base.ts';
import { suggestFirmware } from './suggest/firmware.ts';
import { suggestKernel } from './suggest/kernel.ts';
import { suggestDisk, suggestIso } from './suggest/media.ts';
import { suggestSample } from './suggest/sample.ts';
import { resourcesDir } from './testing.ts';

const contextOn = (host: HostFacts, qemu: QemuCapabilities = qemu10): SuggestContext => ({
  qemu,
  host,
  resourcesDirectory: resourcesDir,
  names: [],
  takenPorts: new Set(['tcp:2222']),
});

/** The first bytes of a 64-bit Linux Image (Documentation/arch/arm64/booting.rst). */
function arm64Image(): Buffer {
  const header = Buffer.alloc(4096);
  header.writeBigUInt64LE(1n << 20n, 16);
  header.writeBigUInt64LE(0b10n << 1n, 24);
  header.write('ARM\x64', 56, 'latin1');
  return header;
}

/** A 32-bit zImage: its magic at 0x24 (Documentation/arch/arm/booting.rst). */
function zImage(): Buffer {
  const header = Buffer.alloc(4096);
  header.writeUInt32LE(0x016f2818, 0x24);
  header.writeUInt32LE(4096, 0x2c);
  return header;
}

async function withFile(
  content: Buffer,
  work: (file: string) => Promise<void>,
  name = 'file',
): Promise<void> {
  await inTemporaryDirectory(async (directory) => {
    const file = path.join(directory, name);
    await writeFile(file, content);
    await work(file);
  });
}

function whole(suggestion: Suggestion): Suggestion['request']['definition'] {
  expect(createRequest.safeParse(suggestion.request).error).toBeUndefined();
  return suggestion.request.definition;
}

describe('the sample', () => {
  it('is small, needs no network, and pins a version of the board', async () => {
    const definition = whole(await suggestSample(contextOn(pc), 'Sample'));
    expect(definition).toMatchObject({
      machine: 'virt-10.0',
      cpu: 'cortex-a72',
      memoryMiB: 128,
      network: { mode: 'none' },
      boot: { kind: 'elf', file: 'firmware/sample-virt.elf' },
    });
  });

  it('takes the computer’s own CPU where it can', async () => {
    const suggestion = await suggestSample(contextOn(armServer, withHardware(qemu10, 'kvm')), 'Sample');
    expect(whole(suggestion)).toMatchObject({
      cpu: 'host',
      accelerator: 'auto',
      machineOptions: { gicVersion: 'max' },
    });
    expect(suggestion.reasons['/accelerator']).toContain('KVM');
  });

  it('never asks for more than half of a small computer', async () => {
    const definition = whole(await suggestSample(contextOn({ ...pc, memoryMiB: 200, cores: 1 }), 'Sample'));
    expect(definition.memoryMiB).toBe(64);
    expect(definition.vcpus).toBe(1);
  });
});

describe('a Linux kernel', () => {
  const suggest = (source: { kernel: string }) =>
    suggestKernel({ kind: 'kernel', ...source }, contextOn(pc), 'Kernel');

  it('gets the console of the board, unless the user named one', () =>
    withFile(arm64Image(), async (kernel) => {
      expect(whole(await suggest({ kernel })).boot).toMatchObject({ cmdline: 'console=ttyAMA0' });
      const own = await suggestKernel(
        { kind: 'kernel', kernel, cmdline: 'root=/dev/vda console=hvc0' },
        contextOn(pc),
        'Kernel',
      );
      expect(whole(own).boot).toMatchObject({ cmdline: 'root=/dev/vda console=hvc0' });
    }));

  it('of 32 bits gets a 32-bit CPU', () =>
    withFile(zImage(), async (kernel) => {
      expect(whole(await suggest({ kernel })).cpu).toBe('cortex-a15');
    }));

  it('that is not there is told by its field', async () => {
    await expect(suggest({ kernel: '/nowhere/Image' })).rejects.toMatchObject({
      data: { code: 'file-unusable', field: '/boot/kernel' },
    });
    await expect(suggest({ kernel: '/' })).rejects.toMatchObject({
      data: { message: expect.stringContaining('folder') },
    });
    await expect(suggest({ kernel: '/dev/null' })).rejects.toMatchObject({
      data: { message: expect.stringContaining('device') },
    });
    await expect(suggest({ kernel: 'relative' })).rejects.toMatchObject({ data: { code: 'file-unusable' } });
  });
});

describe('firmware', () => {
  it.each([
    ['bios', { boot: { kind: 'bios' } }],
    ['pflash', { boot: { kind: 'pflash' } }],
    ['elf', { boot: { kind: 'elf' } }],
    ['loader', { boot: { kind: 'loader' }, loaders: [{ address: '0x40100000', core: 0 }] }],
  ] as const)('goes where it belongs: %s', (how, expected) =>
    withFile(Buffer.from('firmware'), async (file) => {
      const suggestion = await suggestFirmware({ kind: 'firmware', how, file }, contextOn(pc), 'Firmware');
      expect(whole(suggestion)).toMatchObject(expected);
    }),
  );

  it('at an address that is none is refused', () =>
    withFile(Buffer.from('firmware'), async (file) => {
      await expect(
        suggestFirmware({ kind: 'firmware', how: 'loader', file, address: '12' }, contextOn(pc), 'Firmware'),
      ).rejects.toMatchObject({ data: { code: 'bad-input', field: '/loaders/0/address' } });
    }));
});

describe('an installer', () => {
  it('gets an empty disk that is tried first, a CD, and a way in by SSH on a free port', () =>
    withFile(Buffer.alloc(70_000), async (iso) => {
      const source = { kind: 'iso', iso, diskBytes: 20 * 1024 ** 3 } as const;
      const suggestion = await suggestIso(source, contextOn(pc), 'Linux');
      const definition = whole(suggestion);
      expect(definition.boot).toEqual({ kind: 'uefi' });
      expect(definition.disks).toMatchObject([
        { id: 'disk0', media: 'disk', bus: 'virtio', bootIndex: 0 },
        { file: iso, media: 'cdrom', bus: 'scsi', readOnly: true, bootIndex: 1 },
      ]);
      expect(definition.network.forwards).toMatchObject([
        { hostAddress: '127.0.0.1', hostPort: 2223, guestPort: 22 },
      ]);
      expect(suggestion.request.provisions).toEqual([
        { kind: 'new-disk', diskId: 'disk0', sizeBytes: 20 * 1024 ** 3 },
      ]);
    }));

  it('of an old system gets an old CPU', () =>
    withFile(
      Buffer.alloc(70_000),
      async (iso) => {
        const source = { kind: 'iso', iso, diskBytes: 1024 ** 3 } as const;
        expect(whole(await suggestIso(source, contextOn(pc), 'Linux')).cpu).toBe('cortex-a72');
      },
      'CentOS-7-aarch64-Minimal.iso',
    ));
});

describe('a disk image', () => {
  /** A qcow2 header, version 3, 1 GiB, 64 KiB clusters; `backing` puts a backing file's name into it. */
  function qcow2(backing = ''): Buffer {
    const header = Buffer.alloc(70_000);
    header.write('QFI\xfb', 0, 'latin1');
    header.writeUInt32BE(3, 4);
    if (backing !== '') {
      header.writeBigUInt64BE(512n, 8);
      header.writeUInt32BE(backing.length, 16);
      header.write(backing, 512);
    }
    header.writeUInt32BE(16, 20);
    header.writeBigUInt64BE(BigInt(1024 ** 3), 24);
    header.writeUInt32BE(104, 100);
    return header;
  }

  function raw(): Buffer {
    const disk = Buffer.alloc(1024 * 1024);
    disk[510] = 0x55;
    disk[511] = 0xaa;
    disk[450] = 0xee;
    disk.write('EFI PART', 512);
    return disk;
  }

  const suggest = (image: string, more: Partial<Extract<WizardSource, { kind: 'disk' }>> = {}) => {
    const { imgPath: _, ...qemu } = qemu10;
    return suggestDisk({ kind: 'disk', image, use: 'copy', ...more }, contextOn(pc, qemu), 'Disk');
  };

  it('is copied, or used in place', () =>
    withFile(qcow2(), async (image) => {
      const copied = await suggest(image);
      expect(whole(copied).disks).toMatchObject([
        { file: 'disks/disk0.qcow2', format: 'qcow2', bootIndex: 0 },
      ]);
      expect(copied.request.provisions).toEqual([{ kind: 'copy-disk', diskId: 'disk0', from: image }]);
      const inPlace = await suggest(image, { use: 'in-place' });
      expect(whole(inPlace).disks).toMatchObject([{ file: image }]);
      expect(inPlace.request.provisions).toEqual([]);
    }));

  it('that leans on another file is refused with the reason', () =>
    withFile(qcow2('/etc/passwd'), async (image) => {
      await expect(suggest(image)).rejects.toMatchObject({
        data: { code: 'image-refused', field: '/disks/0/file' },
      });
    }));

  it('is raw without asking only when it looks like a disk', async () => {
    await withFile(raw(), async (image) => {
      const suggestion = await suggest(image);
      expect(whole(suggestion).disks).toMatchObject([{ format: 'raw' }]);
      expect(suggestion.reasons['/disks/0/format']).toBeDefined();
    });
    await withFile(Buffer.alloc(1024 * 1024, 'x'), async (image) => {
      await expect(suggest(image)).rejects.toMatchObject({
        data: { code: 'bad-input', field: '/disks/0/format' },
      });
      expect(whole(await suggest(image, { format: 'raw' })).disks).toMatchObject([{ format: 'raw' }]);
    });
  });

  it('is not taken for qcow2 because someone says so', () =>
    withFile(raw(), async (image) => {
      await expect(suggest(image, { format: 'qcow2' })).rejects.toMatchObject({
        data: { code: 'file-unusable' },
      });
    }));
});
