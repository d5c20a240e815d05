// Small decisions of the scripts that people read in the output.
import { describe, expect, it } from 'vitest';
import { hasDisplay } from './electron-runtime.ts';
import { isNewEnough, keepsData, keepsModule } from './qemu-bundle-recipe.ts';
import { formatBytes } from './script.ts';

describe('formatBytes', () => {
  it.each([
    [999, '999 B'],
    [1500, '1.5 kB'],
    [45_400_000, '45 MB'],
    [3_200_000_000, '3.2 GB'],
  ])('%i is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('hasDisplay', () => {
  it('asks the environment on Linux only', () => {
    expect(hasDisplay('linux', {})).toBe(false);
    expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false);
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
    expect(hasDisplay('darwin', {})).toBe(true);
  });
});

describe('the bundle recipe', () => {
  it('takes 8.2 and later', () => {
    expect(
      ['1:7.2+dfsg-7+deb12u7', '1:8.1.5-1', '1:8.2.2+ds-0ubuntu1', '1:10.0.2+ds-2'].map(isNewEnough),
    ).toEqual([false, false, true, true]);
  });

  it('keeps what ARM guests load and nothing of other targets', () => {
    expect(
      ['hw-display-virtio-gpu-pci.so', 'hw-usb-host.so', 'audio-alsa.so', 'hw-s390x-virtio-gpu-ccw.so'].map(
        keepsModule,
      ),
    ).toEqual([true, true, false, false]);
    expect(
      [
        'efi-virtio.rom',
        'npcm8xx_bootrom.bin',
        'keymaps/en-us',
        'pxe-virtio.rom',
        'slof.bin',
        'bios.bin',
      ].map(keepsData),
    ).toEqual([true, true, true, false, false, false]);
  });
});
