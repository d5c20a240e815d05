// What the manager itself costs: idle with running VMs, and the first paint with a full library.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import { chromiumArguments } from '../../../e2e/support/chromium-arguments.ts';
import type { ServerClient } from '../../../e2e/support/client.ts';
import type { ArmoireServer } from '../../../e2e/support/server.ts';
import { chromiumPath } from '../stage-browser.ts';
import { createVm, removeVm } from './armoire-run.ts';
import { type Measurement, median } from './measure.ts';

const idleSeconds = 30;
const runningVms = 5;
const libraryVms = 1000;
/** USER_HZ: the unit of utime and stime in /proc/PID/stat, 100 on every Linux of today. */
const ticksPerSecond = 100;

async function cpuTicks(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function proportionalMiB(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]) / 1024;
}

/** CPU and PSS of the server while five sample guests wait at their prompts. */
export async function measureIdle(server: ArmoireServer, client: ServerClient): Promise<Measurement[]> {
  const ids: string[] = [];
  for (let count = 0; count < runningVms; count += 1) {
    const vm = await createVm(client, { kind: 'sample' });
    await client.rpc.vms.start({ id: vm.id });
    ids.push(vm.id);
  }
  await sleep(5000);
  const before = await cpuTicks(server.pid);
  await sleep(idleSeconds * 1000);
  const percent = ((await cpuTicks(server.pid)) - before) / ticksPerSecond / idleSeconds;
  const pss = await proportionalMiB(server.pid);
  for (const id of ids) await removeVm(client, id);
  return [
    {
      name: `manager idle with ${runningVms} running VMs`,
      unit: '% of a core',
      value: percent * 100,
      limit: { atMost: 0.5 },
      samples: {},
    },
    { name: `manager's PSS with ${runningVms} running VMs`, unit: 'MiB', value: pss, samples: {} },
  ];
}

/** First contentful paint of a loaded page in real Chromium, and until the list is there, with 1,000 VMs. */
export async function measurePaint(
  server: ArmoireServer,
  client: ServerClient,
  rounds: number,
): Promise<Measurement[]> {
  const { request } = await client.rpc.vms.suggest({ source: { kind: 'sample' } });
  for (let count = 0; count < libraryVms; count += 1) {
    const definition = { ...request.definition, name: `Guest ${String(count).padStart(4, '0')}` };
    await client.rpc.vms.create({ request: { ...request, definition }, start: false });
  }
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArguments() });
  const paints: number[] = [];
  const lists: number[] = [];
  try {
    const [name, value] = client.cookie.split('=') as [string, string];
    for (let round = 0; round < rounds; round += 1) {
      const context = await browser.newContext();
      await context.addCookies([{ name, value, url: server.origin }]);
      const page = await context.newPage();
      await page.goto(server.origin);
      await page.getByText('Guest 0000').first().waitFor();
      lists.push(await page.evaluate(() => performance.now()));
      paints.push(
        await page.evaluate(
          () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
        ),
      );
      await context.close();
    }
  } finally {
    await browser.close();
  }
  return [
    {
      name: `first paint with ${libraryVms} VMs`,
      unit: 'ms',
      value: median(paints),
      limit: { atMost: 1000 },
      samples: { paints },
    },
    { name: `list of ${libraryVms} VMs on screen`, unit: 'ms', value: median(lists), samples: { lists } },
  ];
}
