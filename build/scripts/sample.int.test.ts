// The sample guest on the bundled QEMU: every CPU and exception level it promises, idle cost, input, power.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { crc32 } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { sampleBinary } from './build-sample.ts';
import { qemuBundleDir } from './paths.ts';

const qemu = path.join(qemuBundleDir, 'bin', 'qemu-system-aarch64');
const prompt = 'armoire> \x1b[0m';
const patienceMs = 15_000;
// The unit of times in /proc/<pid>/stat (proc(5)); Linux fixes it at 100 for user space.
const ticksPerSecond = 100;

/** What a person reads: without colours. */
function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n');
}

class Guest {
  readonly process: ChildProcess;
  private bytes = Buffer.alloc(0);

  constructor(machine: string, args: string[] = []) {
    this.process = spawn(
      qemu,
      [
        '-machine',
        machine,
        '-nodefaults',
        '-display',
        'none',
        '-serial',
        'stdio',
        '-kernel',
        sampleBinary,
        ...args,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    this.process.stdout?.on('data', (chunk: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, chunk]);
    });
  }

  get size(): number {
    return this.bytes.length;
  }

  type(text: string): void {
    this.process.stdin?.write(text);
  }

  /** All output from `from` on, once it ends with `ending`. */
  async output(from = 0, ending = prompt): Promise<Buffer> {
    const deadline = Date.now() + patienceMs;
    while (!this.bytes.subarray(from).toString().endsWith(ending)) {
      if (Date.now() > deadline) throw new Error(`no prompt after: ${this.bytes.subarray(from).toString()}`);
      await sleep(5);
    }
    return this.bytes.subarray(from);
  }

  /** Types a line and returns what it printed up to the next prompt, without colours. */
  async run(line: string): Promise<string> {
    const from = this.size;
    this.type(`${line}\r`);
    return plain((await this.output(from)).toString());
  }

  async cpuSeconds(): Promise<number> {
    const stat = await readFile(`/proc/${this.process.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }

  async powerOff(): Promise<number | null> {
    const exited = once(this.process, 'exit');
    this.type('poweroff\r');
    const [status] = await exited;
    return status as number | null;
  }
}

const guests: Guest[] = [];
function start(machine: string, args: string[] = []): Guest {
  const guest = new Guest(machine, args);
  guests.push(guest);
  return guest;
}

afterEach(async () => {
  for (const { process } of guests.splice(0)) {
    if (process.exitCode !== null || process.signalCode !== null) continue;
    const exited = once(process, 'exit');
    process.kill('SIGKILL');
    await exited;
  }
});

const levels = [
  { level: 'EL1', option: '' },
  { level: 'EL2', option: ',virtualization=on' },
  { level: 'EL3', option: ',secure=on' },
  { level: 'EL3', option: ',secure=on,virtualization=on' },
];
const cpus = [
  ['cortex-a53', 'Cortex-A53 r0p4'],
  ['cortex-a57', 'Cortex-A57 r1p0'],
  ['cortex-a72', 'Cortex-A72 r0p3'],
  ['cortex-a76', 'Cortex-A76 r4p1'],
  ['neoverse-n1', 'Neoverse-N1 r4p1'],
  ['max', 'QEMU max r0p0'],
];

describe.skipIf(!existsSync(qemu))('the sample guest (skipped where there is no bundled QEMU)', () => {
  describe.each(levels)('at $level with virt$option', ({ level, option }) => {
    it.each(cpus)('tells the truth about %s, survives a bad address and powers off', async (cpu, name) => {
      const guest = start(`virt,gic-version=3${option}`, ['-cpu', cpu ?? '', '-smp', '2', '-m', '320M']);
      const facts = plain((await guest.output()).toString());
      expect(facts).toMatch(new RegExp(`Exception level +${level},`));
      expect(facts).toMatch(new RegExp(`CPU +${name} `));
      expect(facts).toMatch(/vCPUs +2,/);
      expect(facts).toMatch(/RAM +320 MiB, 0x40000000 to 0x53ffffff\n/);
      expect(facts).toMatch(/UART +pl011@9000000 at 0x09000000, interrupt 33\n/);
      expect(facts).toMatch(/Interrupts +GICv3 /);
      expect(await guest.run('mem b000000')).toMatch(/b000000 {2}data abort: nothing answers/);
      expect(await guest.run('el')).toContain(`${level};`);
      expect(await guest.powerOff()).toBe(0);
    });

    it('works with a GICv2, one vCPU and 32 MiB', async () => {
      const guest = start(`virt,gic-version=2${option}`, ['-cpu', 'cortex-a57', '-m', '32M']);
      expect(plain((await guest.output()).toString())).toMatch(/RAM +32 MiB,.*GICv2 /s);
      const started = performance.now();
      expect(await guest.run('count 3')).toContain('count 0\ncount 1\ncount 2\ncount 3\n');
      expect(performance.now() - started).toBeGreaterThan(290);
      expect(await guest.powerOff()).toBe(0);
    });

    it.runIf(process.platform === 'linux').each([2, 3])(
      'costs nothing while it waits, GICv%i',
      async (gic) => {
        const guest = start(`virt,gic-version=${gic}${option}`, ['-cpu', 'cortex-a72', '-smp', '4']);
        await guest.output();
        const before = await guest.cpuSeconds();
        await sleep(1000);
        // One that polls instead of sleeping would use a whole core.
        expect((await guest.cpuSeconds()) - before).toBeLessThan(0.3);
      },
    );

    it('reboots', async () => {
      const guest = start(`virt,gic-version=3${option}`, ['-cpu', 'cortex-a76']);
      await guest.output();
      expect(await guest.run('reboot')).toMatch(new RegExp(`Exception level +${level},`));
      expect(await guest.powerOff()).toBe(0);
    });
  });

  it('reaches its prompt in less than a second', async () => {
    const times: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const started = performance.now();
      const guest = start('virt,gic-version=3', ['-cpu', 'cortex-a76']);
      await guest.output();
      times.push(performance.now() - started);
      await guest.powerOff();
    }
    // The least of them: what else the machine has to do is not the sample's.
    expect(Math.min(...times)).toBeLessThan(1000);
  });

  it('keeps what was typed before it was there', async () => {
    const guest = start('virt,gic-version=3', ['-cpu', 'cortex-a76']);
    guest.type('echo early bird\r');
    expect(plain((await guest.output(0, `early bird\r\n\x1b[36m${prompt}`)).toString())).toContain(
      '\nearly bird\n',
    );
  });

  it('shows the command line without its control characters', async () => {
    const guest = start('virt', ['-cpu', 'cortex-a76', '-append', 'quiet \x1b]0;x\x07 é']);
    expect(plain((await guest.output()).toString())).toMatch(/Command line +quiet \.\]0;x\. é\n/);
  });

  it('edits lines', async () => {
    const guest = start('virt', ['-cpu', 'cortex-a76']);
    await guest.output();
    expect(await guest.run('echo onw\x7fe')).toContain('\none\n');
    expect(await guest.run('nonsense\x15echo two')).toContain('\ntwo\n');
    expect(await guest.run('echo thé\x7fe')).toContain('\nthe\n');
    expect(await guest.run('echo ac\x1b[Db')).toContain('\nabc\n');
    expect(await guest.run('\x1b[A\x1b[A')).toContain('\nthe\n');
    expect(await guest.run('ech\tfour')).toContain('\nfour\n');
    const from = guest.size;
    guest.type('gone\x03');
    expect(plain((await guest.output(from)).toString())).toBe('gone^C\narmoire> ');
  });

  it('fills the console with the same bytes each time, and their checksum', async () => {
    const guest = start('virt', ['-cpu', 'cortex-a76']);
    await guest.output();
    const streams: Buffer[] = [];
    for (let round = 0; round < 2; round += 1) {
      const from = guest.size;
      guest.type('fill 64\r');
      const output = await guest.output(from);
      const stream = output.subarray('fill 64\r\n'.length, 'fill 64\r\n'.length + 64 * 1024);
      const checksum = crc32(stream).toString(16).padStart(8, '0');
      expect(output.toString()).toContain(`\r\nfill 64 KiB crc32 ${checksum}\r\n`);
      streams.push(stream);
    }
    expect(streams[0]).toEqual(streams[1]);
  });

  it('stops counting at a key', async () => {
    const guest = start('virt', ['-cpu', 'cortex-a76']);
    await guest.output();
    const from = guest.size;
    guest.type('count\r');
    await guest.output(from, 'count 2\r\n');
    guest.type('q');
    expect(plain((await guest.output(from)).toString())).toMatch(/\ncount 2\n(count 3\n)?armoire> $/);
  });

  it('draws the device tree and says what it does not understand', async () => {
    const guest = start('virt', ['-cpu', 'cortex-a76', '-smp', '2']);
    await guest.output();
    expect(await guest.run('dt')).toMatch(/├─ pl011@9000000\n.*├─ cpu@0\n.*╰─ chosen\n/s);
    expect(await guest.run('frobnicate')).toContain('There is no command "frobnicate"');
    expect(await guest.run('mem zz')).toContain('Usage: mem ADDR [LEN]');
    expect(await guest.run('mem 40000000 4')).toContain('40000000  d0 0d fe ed');
    expect(await guest.run('time')).toMatch(
      /Clock +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n +Uptime +\d+\.\d{3} s\n/,
    );
  });
});
