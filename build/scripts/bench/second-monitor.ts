// A second QMP monitor for every QEMU that Armoire or a bench starts: a wrapper around the binary adds one.
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerClient } from '../../../e2e/support/client.ts';
import { connectQmp, type QmpClient } from '../../../src-main/qemu/qmp.ts';

/** A busy computer takes its time to start a process. */
const connectPatienceMs = 30_000;

export interface SecondMonitor {
  /** QEMU with one more monitor. */
  readonly program: string;
  readonly imgPath: string;
  /** `pid`: of a QEMU that was started by `program`. */
  connect(pid: number): Promise<QmpClient>;
  remove(): Promise<void>;
}

/** From now on the server starts its VMs this way. */
export async function installSecondMonitor(client: ServerClient): Promise<SecondMonitor> {
  const { inUse } = await client.rpc.host.qemu({ refresh: false });
  if (inUse?.imgPath === undefined) throw new Error('There is no QEMU with qemu-img to measure.');
  const { imgPath } = inUse;
  const directory = await mkdtemp(join(tmpdir(), 'arm-mon-'));
  const program = join(directory, 'qemu-system-aarch64');
  // exec keeps the process id, which names the socket.
  const script = `#!/bin/sh\nexec '${inUse.path}' "$@" -qmp "unix:${directory}/$$,server=on,wait=off"\n`;
  await writeFile(program, script);
  await chmod(program, 0o755);
  await symlink(imgPath, join(directory, 'qemu-img'));
  await client.rpc.host.saveSettings({ qemuPath: program });
  return {
    program,
    imgPath,
    async connect(pid) {
      const deadline = Date.now() + connectPatienceMs;
      for (;;) {
        try {
          return await connectQmp(join(directory, String(pid)));
        } catch (error) {
          if (Date.now() > deadline) throw error;
          await sleep(2);
        }
      }
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
