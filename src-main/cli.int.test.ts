// The command line against a real library and the real QEMU: what scripts and people rely on.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inOwnLibrary, root, run } from './cli.testing.ts';
import type { VmView } from './contract/vm.ts';

inOwnLibrary();

describe('the life of a VM', () => {
  it('created, started, seen, paused, resumed, stopped, deleted', async () => {
    expect((await run(['list']).ended).err).toContain('The library is empty.');
    const created = await run(['create', '--sample', '--name', 'my first', '--start', '--json']).ended;
    expect(created).toMatchObject({ code: 0, err: '' });
    const { id } = JSON.parse(created.out) as VmView;

    const listed = await run(['list']).ended;
    expect(listed.out.split('\n')[1]).toMatch(
      new RegExp(`^my first +running +virt-\\S+ · \\S+ · 1 vCPU · \\d+ MiB +${id}$`),
    );
    expect((await run(['start', 'my first']).ended).code).toBe(2);
    expect((await run(['pause', 'my first']).ended).out).toBe('my first: paused\n');
    expect((await run(['resume', id]).ended).out).toBe('my first: running\n');
    expect(await run(['stop', '--force', 'my first']).ended).toMatchObject({
      code: 0,
      out: 'my first: stopped\n',
    });

    const undecided = await run(['delete', 'my first']).ended;
    expect(undecided.code).toBe(2);
    expect(undecided.err).toContain('--yes');
    expect(await readdir(path.join(root, 'library'))).toContain(id);
    expect((await run(['delete', 'my first', '--yes']).ended).code).toBe(0);
    expect(await readdir(path.join(root, 'library'))).not.toContain(id);
  });

  it('two VMs of one name are told apart by their ids', async () => {
    await run(['create', '--sample', '--name', 'twin']).ended;
    await run(['create', '--sample', '--name', 'other']).ended;
    const [twin, other] = JSON.parse((await run(['list', '--json']).ended).out) as [VmView, VmView];
    const file = path.join(root, 'library', other.id, 'vm.json');
    const document = await readFile(file, 'utf8');
    await writeFile(file, document.replace('"other"', '"twin"'));
    const start = await run(['start', 'twin']).ended;
    expect(start.code).toBe(2);
    expect(start.err).toContain(`${twin.id}, ${other.id}`);
  });

  it('one that does not exist is named, with a remedy', async () => {
    const { code, out, err } = await run(['start', 'nobody']).ended;
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('There is no VM called nobody.');
    expect(err).toContain('armoire list');
  });
});

describe('console', () => {
  it('talks to the guest until Ctrl-], and gives the terminal back', async () => {
    await run(['create', '--sample', '--name', 'talker', '--start']).ended;
    const tty = { modes: [] as boolean[] };
    const talk = run(['console', 'talker'], tty);
    await expect.poll(talk.out, { timeout: 20_000 }).toContain('armoire>');
    talk.stdin.write('echo forty-two\r');
    await expect.poll(talk.out, { timeout: 20_000 }).toContain('\nforty-two');
    talk.stdin.write('\x1d');
    expect((await talk.ended).code).toBe(0);
    expect(tty.modes).toEqual([true, false]);
    const log = await run(['console', 'talker', '--log']).ended;
    expect(log.code).toBe(0);
    expect(log.out).toContain('echo forty-two');
  });

  it('says which consoles there are', async () => {
    await run(['create', '--sample', '--name', 'one']).ended;
    const { code, err } = await run(['console', 'one', '--console', 'uart7']).ended;
    expect(code).toBe(2);
    expect(err).toContain('one has no console uart7.');
    expect(err).toContain('It has uart0.');
  });
});

describe('serve', () => {
  it('prints one way in; commands and a second serve go through it; an interrupt ends it and no VM', async () => {
    const server = run(['serve', '--port', '0']);
    await expect
      .poll(server.out, { timeout: 20_000 })
      .toMatch(/^Armoire is ready: http:\/\/127\.0\.0\.1:\d+\/login\?token=\S+\n$/);
    const [link = ''] = /http\S+/.exec(server.out()) ?? [];
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(303);

    await run(['create', '--sample', '--name', 'outlives', '--start']).ended;
    const second = await run(['serve', '--port', '0']).ended;
    expect(second).toMatchObject({ code: 0, err: expect.stringContaining(`(process ${process.pid})`) });
    const [secondLink = ''] = /http\S+/.exec(second.out) ?? [];
    expect(secondLink).not.toBe(link);
    expect((await fetch(secondLink, { redirect: 'manual' })).status).toBe(303);

    server.interrupt();
    expect(await server.ended).toMatchObject({
      code: 0,
      err: expect.stringContaining('Still running: outlives.'),
    });
    await expect(fetch(link)).rejects.toThrow();
    expect((await run(['list']).ended).out).toMatch(/outlives +running/);
  });

  it('does not open the computer to others by accident', async () => {
    const { code, err } = await run(['serve', '--host', '0.0.0.0', '--port', '0']).ended;
    expect(code).toBe(2);
    expect(err).toContain('--allow-remote');
  });

  it('needs the page to be built', async () => {
    await rm(path.join(root, 'page/index.html'));
    const { code, err } = await run(['serve', '--port', '0']).ended;
    expect(code).toBe(2);
    expect(err).toContain('npm run build');
  });
});

describe('boards and check', () => {
  it('boards --json has what scripts read', async () => {
    const { code, out } = await run(['boards', '--json']).ended;
    expect(code).toBe(0);
    const boards = JSON.parse(out) as { name: string }[];
    expect(boards.find(({ name }) => name === 'virt')).toMatchObject({
      description: expect.any(String),
      cpus: {
        default: expect.any(String),
        fixed: false,
        allowed: expect.arrayContaining(['cortex-a53', 'max']),
      },
      vcpus: { min: 1, max: expect.any(Number), default: expect.any(Number) },
      ram: { kind: 'range' },
    });
    expect(boards.find(({ name }) => name === 'raspi3b')).toMatchObject({
      cpus: { default: 'cortex-a53', fixed: true, allowed: ['cortex-a53'] },
    });
  });

  it('a wrong pair is a no, with what would happen', async () => {
    const wrong = await run(['check', '--board', 'raspi3b', '--cpu', 'cortex-a72', '--json']).ended;
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.out)).toMatchObject({
      ok: false,
      problems: [{ field: '/cpu', message: expect.any(String) }],
    });
    const right = await run(['check', '--board', 'raspi3b', '--cpu', 'cortex-a53']).ended;
    expect(right).toMatchObject({ code: 0, out: 'It will do what it says.\n' });
  });

  it('a board or CPU that does not exist is a no', async () => {
    expect((await run(['check', '--board', 'no-such-board']).ended).code).toBe(1);
    expect((await run(['check', '--board', 'virt', '--cpu', 'no-such-cpu']).ended).code).toBe(1);
  });

  it('a definition from the library is checked with its files', async () => {
    const created = await run(['create', '--sample', '--name', 'x', '--json']).ended;
    const directory = path.join(root, 'library', (JSON.parse(created.out) as VmView).id);
    const file = path.join(directory, 'vm.json');
    expect((await run(['check', file]).ended).code).toBe(0);
    await rm(path.join(directory, 'firmware'), { recursive: true });
    const broken = await run(['check', file, '--json']).ended;
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.out)).toMatchObject({
      ok: false,
      problems: [{ field: '/boot/file', severity: 'error' }],
    });
  });

  it('what the rules do not foresee, QEMU itself is asked', async () => {
    const program = path.join(root, 'program.bin');
    await writeFile(program, Buffer.alloc(512));
    const created = await run(['create', '--sample', '--name', 'x', '--json']).ended;
    const { definition } = JSON.parse(created.out) as VmView;
    const loaders = ['0x48000000', '0x48000100'].map((address) => ({ file: program, address, core: 0 }));
    const file = path.join(root, 'definition.json');
    await writeFile(file, JSON.stringify({ ...definition, boot: { kind: 'loader' }, loaders }));
    const overlapping = await run(['check', file, '--json']).ended;
    expect(overlapping.code).toBe(1);
    expect(JSON.parse(overlapping.out).problems).toContainEqual(
      expect.objectContaining({ rule: 'qemu-refuses', field: '/loaders', severity: 'error' }),
    );
  });

  it.each([
    [['check']],
    [['check', 'x.json', '--board', 'virt']],
    [['check', '/nonexistent.json']],
    [['check', '--board', 'virt', '--vcpus', '0']],
    [['check', '--board', 'virt', '--qemu', '/nonexistent']],
    [['boards', '--qemu', '/nonexistent']],
    [['create']],
    [['create', '--sample', 'x.json']],
    [['no-such-command']],
    [['list', '--no-such-option']],
    [['start']],
  ])('%j is a wrong command line', async (words) => {
    const { code, out, err } = await run(words).ended;
    expect([code, out]).toEqual([2, '']);
    expect(err.length).toBeGreaterThan(10);
  });

  it.each(['', 'not json', '{}', '[]', '{"definition":{}}'])('%j is no definition', async (text) => {
    const file = path.join(root, 'definition.json');
    await writeFile(file, text);
    expect((await run(['check', file]).ended).code).toBe(2);
    expect((await run(['create', file]).ended).code).toBe(2);
  });
});

it('doctor tells of QEMU, acceleration, firmware and the library', async () => {
  const { code, out } = await run(['doctor']).ended;
  expect(code).toBe(0);
  expect(out).toMatch(/^Armoire 1\.2\.3/);
  expect(out).toMatch(/\nQEMU \d+\.\d+/);
  expect(out).toMatch(/\n {4}tcg: usable\./);
  expect(out).toMatch(/UEFI firmware for aarch64: /);
  expect(out).toMatch(/ GiB free\n/);
});

it('help names every exit code', async () => {
  const { code, out } = await run(['--help']).ended;
  expect(code).toBe(0);
  for (const line of ['  0  done', '  1  the answer is no', '  2  a wrong command line'])
    expect(out).toContain(line);
});
