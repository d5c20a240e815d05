// Programs that a manager left behind, with the real QEMU: one without a machine goes on when its input ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { blockQemuName } from '../../qemu/layered-image.ts';
import { inTemporaryDirectory, testQemu } from '../../qemu/testing.ts';
import { endOrphans } from './sweep.ts';

it('a QEMU that merges images for nobody is ended, another library’s is not', () =>
  inTemporaryDirectory(async (parent) => {
    const { path: program } = await testQemu();
    const library = path.join(parent, 'a library, mine');
    const start = (file: string) => {
      const words = [
        '-name',
        blockQemuName(file),
        '-M',
        'none',
        '-nodefaults',
        '-display',
        'none',
        '-qmp',
        'stdio',
      ];
      return spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    };
    const [orphan, other] = [
      start(path.join(library, 'vm', 'disks', 'disk0.qcow2')),
      start(path.join(`${library} too`, 'vm', 'disks', 'disk0.qcow2')),
    ];
    const ended = once(orphan, 'exit');
    try {
      await Promise.all([once(orphan.stdout, 'data'), once(other.stdout, 'data')]);
      orphan.stdin.end();
      await sleep(500);
      expect(orphan.exitCode).toBeNull();
      await endOrphans(library);
      await ended;
      expect(orphan.exitCode).toBe(0);
      expect(other.exitCode).toBeNull();
    } finally {
      orphan.kill('SIGKILL');
      other.kill('SIGKILL');
    }
  }));
