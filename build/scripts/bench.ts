// npm run bench: Armoire against the same QEMU by hand, as ratios of alternating runs; --json FILE keeps the raw numbers.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { connectClient, type ServerClient } from '../../e2e/support/client.ts';
import { type ArmoireServer, cleanUp, makeDirectories, startServer } from '../../e2e/support/server.ts';
import { measureBoot, measureFrozenViewer, measureThroughput } from './bench/guest-speed.ts';
import { measureImport } from './bench/import.ts';
import { measureIdle, measurePaint } from './bench/manager-cost.ts';
import { type Measurement, passes } from './bench/measure.ts';
import { measureRules } from './bench/rules.ts';
import { measureSnapshots } from './bench/snapshots.ts';
import { stageDir } from './paths.ts';
import { isProgram, runScript, say } from './script.ts';

type Bench = (server: ArmoireServer, client: ServerClient, rounds: number) => Promise<Measurement[]>;

const benches: Readonly<Record<string, Bench>> = {
  boot: (_server, client, rounds) => measureBoot(client, rounds),
  throughput: (_server, client, rounds) => measureThroughput(client, rounds),
  frozen: (_server, client, rounds) => measureFrozenViewer(client, rounds),
  idle: (server, client) => measureIdle(server, client),
  rules: () => measureRules(),
  paint: measurePaint,
  snapshots: (_server, client, rounds) => measureSnapshots(client, rounds),
  import: measureImport,
};

function lineOf(measurement: Measurement): string {
  const { name, unit, value, limit } = measurement;
  const shown = unit === 'ratio' ? value.toFixed(3) : `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`;
  if (limit === undefined) return `      ${name}: ${shown}`;
  const bound = 'atMost' in limit ? `≤ ${limit.atMost}` : `≥ ${limit.atLeast}`;
  return `${passes(measurement) ? 'ok   ' : 'MISS '} ${name}: ${shown} (${bound})`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      only: { type: 'string' },
    },
  });
  const wanted = values.only?.split(',') ?? Object.keys(benches);
  const all: Measurement[] = [];
  for (const name of wanted) {
    const bench = benches[name];
    if (bench === undefined) {
      throw new Error(`No bench "${name}"; there are ${Object.keys(benches).join(', ')}.`);
    }
    const directories = await makeDirectories();
    // The file browser's home: the staged guests lie below it. What a bench makes for itself is in the directories.
    const env = { HOME: stageDir, ARMOIRE_FILES: directories.root };
    const server = await startServer({ directories, env });
    try {
      const client = await connectClient(server);
      const measured = await bench(server, client, Number(values.rounds));
      for (const measurement of measured) say(lineOf(measurement));
      all.push(...measured);
      // A later bench that fails takes nothing away.
      if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(all, null, 2)}\n`);
      client.close();
    } finally {
      await server.stop();
      await cleanUp(server.directories);
    }
  }
  if (!all.every(passes)) process.exitCode = 1;
}

if (isProgram(import.meta.url)) await runScript(main);
