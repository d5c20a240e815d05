// Boot, start and console throughput: Armoire against the same command by hand, in alternating runs.
import { createHash } from 'node:crypto';
import type { ServerClient } from '../../../e2e/support/client.ts';
import { guestFiles } from '../guests.ts';
import { createVm, removeVm, stopVm, watchConsole } from './armoire-run.ts';
import { hardwareOf, startByHand } from './by-hand.ts';
import { type Measurement, median, millisecondsSince } from './measure.ts';

const ready = (output: Buffer): boolean => output.includes('armoire-guest ready');
const anything = (output: Buffer): boolean => output.length > 0;

/** From QEMU's first console byte to the guest's shell, and from Start to the first byte. */
export async function measureBoot(client: ServerClient, rounds: number): Promise<Measurement[]> {
  const guest = guestFiles().arm64;
  const vm = await createVm(client, { kind: 'kernel', kernel: guest.kernel, initrd: guest.initrd });
  const { program, arguments: explained } = await client.rpc.vms.commandLine({ id: vm.id });
  const hardware = hardwareOf(explained);
  const first = { armoire: [] as number[], byHand: [] as number[] };
  const boot = { armoire: [] as number[], byHand: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const hand = await startByHand(program, hardware);
    const handFirst = await hand.until(anything);
    boot.byHand.push((await hand.until(ready)) - handFirst);
    first.byHand.push(handFirst);
    await hand.end();

    await client.rpc.console.clear({ id: vm.id, console: 'uart0' });
    const console = await watchConsole(client, vm.id);
    const started = performance.now();
    const seen = console.until(anything).then(() => millisecondsSince(started));
    const shell = console.until(ready).then(() => millisecondsSince(started));
    await client.rpc.vms.start({ id: vm.id });
    const armoireFirst = await seen;
    boot.armoire.push((await shell) - armoireFirst);
    first.armoire.push(armoireFirst);
    console.close();
    await stopVm(client, vm.id);
  }
  await client.rpc.vms.delete({ id: vm.id });
  return [
    {
      name: 'guest boot, first console byte to shell: Armoire / by hand',
      unit: 'ratio',
      value: median(boot.armoire) / median(boot.byHand),
      limit: { atMost: 1.03 },
      samples: boot,
    },
    {
      name: 'Start to first console byte: Armoire − by hand',
      unit: 'ms',
      value: median(first.armoire) - median(first.byHand),
      limit: { atMost: 150 },
      samples: first,
    },
  ];
}

const fillKiB = 1024;

/** Time of the sample's `fill` from command to checksum, with equal hashes of what arrived. */
export async function measureThroughput(client: ServerClient, rounds: number): Promise<Measurement[]> {
  const vm = await createVm(client, { kind: 'sample' });
  const { program, arguments: explained } = await client.rpc.vms.commandLine({ id: vm.id });
  const hardware = hardwareOf(explained);
  const times = { armoire: [] as number[], byHand: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const hand = await startByHand(program, hardware);
    const byHand = await fill(hand);
    await hand.end();

    await client.rpc.console.clear({ id: vm.id, console: 'uart0' });
    await client.rpc.vms.start({ id: vm.id });
    const console = await watchConsole(client, vm.id);
    const armoire = await fill(console);
    console.close();
    await stopVm(client, vm.id);

    if (armoire.hash !== byHand.hash) throw new Error('The console bytes differ from those by hand.');
    times.byHand.push(byHand.ms);
    times.armoire.push(armoire.ms);
  }
  await client.rpc.vms.delete({ id: vm.id });
  return [
    {
      name: `console throughput, ${fillKiB} KiB with equal hashes: Armoire / by hand`,
      unit: 'ratio',
      value: median(times.byHand) / median(times.armoire),
      limit: { atLeast: 0.9 },
      samples: times,
    },
  ];
}

interface Typist {
  until(sees: (output: Buffer) => boolean): Promise<number>;
  type(text: string): void;
}

const prompt = 'armoire> ';

async function fill(console: Typist): Promise<{ ms: number; hash: string }> {
  await console.until((output) => output.includes(prompt));
  let bytes: Buffer = Buffer.alloc(0);
  const started = performance.now();
  console.type(`fill ${fillKiB}\r`);
  await console.until((output) => {
    if (output.length < fillKiB * 1024) return false;
    bytes = output;
    return output.subarray(-64).includes(prompt);
  });
  const ms = millisecondsSince(started);
  const from = bytes.indexOf(`fill ${fillKiB}`);
  return { ms, hash: createHash('sha256').update(bytes.subarray(from)).digest('hex') };
}

/** A viewer that never acknowledges must not hold up QMP. */
export async function measureFrozenViewer(client: ServerClient, rounds: number): Promise<Measurement[]> {
  const vm = await createVm(client, { kind: 'sample' });
  await client.rpc.vms.start({ id: vm.id });
  const frozen = await client.openConsole(vm.id, 'uart0', () => {}, { acknowledge: false });
  const console = await watchConsole(client, vm.id);
  await console.until((output) => output.includes(prompt));
  console.type(`fill ${fillKiB * 16}\r`);
  await console.until((output) => output.length > 1_000_000);
  const samples: number[] = [];
  for (let round = 0; round < rounds * 4; round += 1) {
    const started = performance.now();
    await client.rpc.vms.pause({ id: vm.id });
    samples.push(millisecondsSince(started));
    await client.rpc.vms.resume({ id: vm.id });
  }
  frozen.close();
  console.close();
  await removeVm(client, vm.id);
  return [
    {
      name: 'pause by QMP while one viewer is frozen and the guest prints: slowest',
      unit: 'ms',
      value: Math.max(...samples),
      limit: { atMost: 100 },
      samples: { pause: samples },
    },
  ];
}
