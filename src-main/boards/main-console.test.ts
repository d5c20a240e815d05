import { expect, test } from 'vitest';
import { definition, kernelBoot } from './fixtures/samples.ts';
import { mainConsole } from './main-console.ts';

test('Linux talks on the last console that it is given', () => {
  const onRaspi = (cmdline: string) =>
    mainConsole(definition({ machine: 'raspi3b', uarts: 2, boot: kernelBoot({ cmdline }) }));
  expect(onRaspi('console=ttyAMA0 console=ttyS1,115200')).toBe(1);
  expect(onRaspi('console=ttyS1 console=ttyAMA0')).toBe(0);
  expect(onRaspi('console=tty0 console=ttyAMA0')).toBe(0);
});

test('what names no console talks where the board’s own software does, if that is shown', () => {
  const boot = { kind: 'elf', file: '/app.elf' } as const;
  expect(mainConsole(definition({ machine: 'raspi3b', uarts: 2, boot }))).toBe(1);
  expect(mainConsole(definition({ machine: 'raspi3b', uarts: 1, boot }))).toBe(0);
  expect(mainConsole(definition({ machine: 'virt-10.0', uarts: 2, boot }))).toBe(0);
  expect(mainConsole(definition({ machine: 'board-of-tomorrow', uarts: 2, boot }))).toBe(0);
});
