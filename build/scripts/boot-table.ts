// npm run boards:boot: boots every board of the table through Armoire and writes docs/boards-booted.md from what was seen.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectClient } from '../../e2e/support/client.ts';
import { cleanUp, startServer } from '../../e2e/support/server.ts';
import { bootLinux, bootMicrocontroller, bootRoute, type Seen } from './boot-table/boot.ts';
import { linuxCases, microcontrollerCases } from './boot-table/cases.ts';
import { routeCases } from './boot-table/routes.ts';
import { guestFiles } from './guests.ts';
import { repoRoot, stageDir } from './paths.ts';
import { isProgram, runScript, say } from './script.ts';

const target = join(repoRoot, 'docs', 'boards-booted.md');

function row(seen: Seen): string {
  const cells = [
    seen.board,
    seen.cpu,
    seen.hardware,
    seen.route,
    seen.console,
    seen.booted ? `booted in ${seen.seconds.toFixed(0)} s` : 'did not boot',
    seen.words.replaceAll('|', '\\|'),
  ];
  return `| ${cells.join(' | ')} |`;
}

function page(qemu: string, all: readonly Seen[]): string {
  return `# Boards that were booted

Written by \`npm run boards:boot\`: each row was created, re-fitted to the board, started and watched through Armoire, on QEMU ${qemu}
without hardware acceleration. Linux rows are stock Debian kernels with a busybox initramfs; the words are what the guest answered at its
shell prompt. The last rows take the other ways into a machine; where no package has a board’s firmware, bare metal shows that the board runs.

| board | CPU | hardware | booted | console | result | what the guest said |
|---|---|---|---|---|---|---|
${all.map(row).join('\n')}
`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { boards: { type: 'string' } } });
  const wanted = values.boards?.split(',');
  const chosen = ({ board }: { board: string }): boolean => wanted === undefined || wanted.includes(board);
  const guests = guestFiles();
  // The file browser's home: the staged guests lie below it.
  const server = await startServer({ env: { HOME: stageDir } });
  const all: Seen[] = [];
  const keep = (seen: Seen): void => {
    all.push(seen);
    say(row(seen));
  };
  let qemu = '';
  try {
    const client = await connectClient(server);
    const { inUse } = await client.rpc.host.qemu({ refresh: false });
    qemu = inUse?.version.text ?? '';
    for (const one of linuxCases.filter(chosen)) keep(await bootLinux(client, one, guests));
    for (const one of microcontrollerCases.filter(chosen)) keep(await bootMicrocontroller(client, one));
    for (const one of routeCases.filter(chosen)) keep(await bootRoute(client, one, guests));
    client.close();
  } finally {
    await server.stop();
    await cleanUp(server.directories);
  }
  // A chosen few are a trial; only the whole is written down.
  if (wanted === undefined) {
    await mkdir(join(repoRoot, 'docs'), { recursive: true });
    await writeFile(target, page(qemu, all));
    say(`Written: ${target}`);
  }
  if (!all.every(({ booted }) => booted)) process.exitCode = 1;
}

if (isProgram(import.meta.url)) await runScript(main);
