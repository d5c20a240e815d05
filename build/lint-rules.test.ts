// Proves the dependency rules: each folder's forbidden imports are lint errors that name the right place.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const repository = path.resolve(import.meta.dirname, '..');
const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');

interface Rule {
  /** The importing file. */
  file: string;
  forbidden: Record<string, RegExp>;
  allowed: string[];
}

const electronPlace = /electron appears only in src-main\/main\.ts/;
const rules: Rule[] = [
  {
    file: 'src-main/contract/a.ts',
    forbidden: {
      '../lib/serial.ts': /contract\/ imports nothing of Armoire/,
      '../app.ts': /contract\/ imports nothing of Armoire/,
      'node:fs': /zod and @orpc\/contract only.*lib\//,
      react: /zod and @orpc\/contract only/,
      electron: /zod and @orpc\/contract only/,
    },
    allowed: ['zod', '@orpc/contract', './vm.ts'],
  },
  {
    file: 'src-main/contract/a.test.ts',
    forbidden: { '../vm/owner.ts': /contract\/ imports nothing/, electron: electronPlace },
    allowed: ['vitest', 'node:fs'],
  },
  {
    file: 'src-main/lib/a.ts',
    forbidden: {
      '../contract/fault.ts': /lib\/ imports node only: a helper that knows/,
      '../vm/owner.ts': /lib\/ imports node only/,
      zod: /may import node only/,
      electron: /may import node only/,
    },
    allowed: ['node:fs/promises', 'node:path', './errno.ts'],
  },
  {
    file: 'src-main/lib/a.test.ts',
    forbidden: { '../contract/fault.ts': /lib\/ imports node only/, electron: electronPlace },
    allowed: ['vitest'],
  },
  {
    file: 'src-main/boards/a.ts',
    forbidden: {
      '../qemu/probe.ts': /code that needs QEMU itself belongs in qemu\//,
      '../vm/owner.ts': /code that needs VMs in vm\//,
      '../app.ts': /boards\/ may import/,
      electron: electronPlace,
    },
    allowed: ['../contract/board.ts', '../lib/serial.ts', './rules/cpu.ts', 'zod'],
  },
  {
    file: 'src-main/boards/rules/a.ts',
    forbidden: { '../../qemu/probe.ts': /belongs in qemu\//, '../../vm/owner.ts': /in vm\// },
    allowed: ['../row.ts', '../../contract/board.ts', '../../lib/serial.ts'],
  },
  {
    file: 'src-main/qemu/a.ts',
    forbidden: {
      '../images/import.ts': /code that needs images belongs in images\//,
      '../vm/owner.ts': /code that needs VMs in vm\//,
      electron: electronPlace,
    },
    allowed: ['../boards/check.ts', '../contract/qemu.ts', '../lib/serial.ts', 'execa'],
  },
  {
    file: 'src-main/images/a.ts',
    forbidden: {
      '../boards/check.ts': /code that needs boards belongs in qemu\//,
      '../vm/owner.ts': /code that needs VMs in vm\//,
      electron: electronPlace,
    },
    allowed: ['../qemu/image.ts', '../contract/image.ts', '../lib/serial.ts'],
  },
  {
    file: 'src-main/vm/a.ts',
    forbidden: {
      '../api/vms.ts': /code that answers calls belongs in api\//,
      '../transport/http.ts': /code that carries bytes in transport\//,
      electron: electronPlace,
    },
    allowed: ['../boards/check.ts', '../qemu/launch.ts', '../images/import.ts', '../contract/vm.ts'],
  },
  {
    file: 'src-main/api/a.ts',
    forbidden: {
      '../transport/http.ts': /what carries calls belongs in transport\//,
      '../desktop/menu.ts': /handed to createApp as a HostShell/,
      '../app.ts': /api\/ may not import/,
      electron: electronPlace,
    },
    allowed: ['../vm/owner.ts', '../images/import.ts', '../boards/check.ts', '../qemu/launch.ts'],
  },
  {
    file: 'src-main/transport/a.ts',
    forbidden: {
      '../vm/owner.ts': /it carries calls and bytes and knows no VM/,
      '../app.ts': /have the entry hand it in/,
      electron: electronPlace,
    },
    allowed: ['../api/router.ts', '../contract/index.ts', '../lib/serial.ts', 'ws'],
  },
  {
    file: 'src-main/transport/electron.ts',
    forbidden: { '../vm/owner.ts': /knows no VM/, '../desktop/menu.ts': /knows no VM/ },
    allowed: ['electron', 'electron/main', '../contract/index.ts'],
  },
  {
    file: 'src-main/desktop/a.ts',
    forbidden: { '../vm/owner.ts': /through the contract/, '../app.ts': /main\.ts\) hands it in/ },
    allowed: ['electron', '../transport/electron.ts', '../contract/host.ts', '../lib/serial.ts'],
  },
  {
    file: 'src-main/cli/a.ts',
    forbidden: {
      '../api/router.ts': /it calls the contract through transport\//,
      '../app.ts': /opened by the entry \(cli\.ts\)/,
      electron: electronPlace,
    },
    allowed: [
      '../transport/control.ts',
      '../vm/owner.ts',
      '../qemu/locate.ts',
      '../boards/check.ts',
      'commander',
    ],
  },
  {
    file: 'src-main/app.ts',
    forbidden: {
      electron: electronPlace,
      './transport/http.ts': /chosen by main\.ts, server\.ts and cli\.ts/,
    },
    allowed: ['./vm/owner.ts', './api/router.ts'],
  },
  { file: 'src-main/server.ts', forbidden: { electron: electronPlace }, allowed: ['./app.ts', 'commander'] },
  { file: 'src-main/cli.ts', forbidden: { electron: electronPlace }, allowed: ['./app.ts', './cli/list.ts'] },
  { file: 'src-main/main.ts', forbidden: {}, allowed: ['electron', './app.ts', './desktop/menu.ts'] },
  {
    file: 'build/scripts/a.ts',
    forbidden: { electron: electronPlace },
    allowed: ['../../src-main/vm/owner.ts'],
  },
  {
    file: 'src-renderer/app.tsx',
    forbidden: {
      '../src-main/vm/owner.ts': /only src-main\/contract\/: ask main through src-renderer\/client\//,
      'node:fs': /The renderer is a web page/,
      electron: /The renderer is a web page/,
    },
    allowed: ['../src-main/contract/vm.ts', './features/wizard/wizard.tsx', 'react'],
  },
  {
    file: 'src-renderer/components/a.tsx',
    forbidden: {
      '../features/wizard/wizard.tsx': /never import a feature/,
      '../../src-main/lib/serial.ts': /only src-main\/contract\//,
      ws: /The renderer is a web page/,
    },
    allowed: ['../stores/view.ts', '../../src-main/contract/vm.ts'],
  },
  {
    file: 'src-renderer/features/wizard/a.tsx',
    forbidden: {
      '../console/terminal.tsx': /A feature never imports another feature/,
      '../../../src-main/vm/owner.ts': /only src-main\/contract\//,
      'node:fs': /The renderer is a web page/,
    },
    allowed: ['./page.tsx', '../../components/button.tsx', '../../../src-main/contract/vm.ts'],
  },
  {
    file: 'src-renderer/features/wizard/pages/a.tsx',
    forbidden: {
      '../../console/terminal.tsx': /A feature never imports another feature/,
      '../../../../src-main/vm/owner.ts': /only src-main\/contract\//,
    },
    allowed: [
      '../page.tsx',
      '../fields/memory.tsx',
      '../../../components/button.tsx',
      '../../../../src-main/contract/vm.ts',
    ],
  },
  {
    file: 'src-renderer/features/wizard/a.test.ts',
    forbidden: { '../../../src-main/vm/owner.ts': /only src-main\/contract\// },
    allowed: ['node:fs', 'vitest'],
  },
];

/** Each import is written in the four ways there are, one a line. */
const ways = (source: string) => [
  `import '${source}';`,
  `import type { A } from '${source}';`,
  `export * from '${source}';`,
  `await import('${source}');`,
];

/** Messages by `file: imported module`. */
const found = new Map<string, string[]>();
let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'armoire-lint-'));
  const config = JSON.parse(readFileSync(path.join(repository, 'biome.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  writeFileSync(path.join(scratch, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }));
  for (const { file, ...imports } of rules) {
    const target = path.join(scratch, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, sourcesOf(imports).flatMap(ways).join('\n'));
  }
  for (const { path: file, line, message } of lint(scratch)) {
    const rule = rules.find((one) => one.file === file);
    if (!rule) throw new Error(`${file}: ${message}`);
    const source = sourcesOf(rule)[Math.floor((line - 1) / ways('').length)];
    const key = `${file}: ${source}`;
    found.set(key, [...(found.get(key) ?? []), message]);
  }
}, 60_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function sourcesOf(rule: Omit<Rule, 'file'>): string[] {
  return [...Object.keys(rule.forbidden), ...rule.allowed];
}

function lint(directory: string): { path: string; line: number; message: string }[] {
  const run = spawnSync(
    process.execPath,
    [biome, 'lint', '--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none', '.'],
    { cwd: directory, encoding: 'utf8' },
  );
  const report = JSON.parse(run.stdout) as {
    diagnostics: { message: string; location: { path: string; start: { line: number } } }[];
  };
  return report.diagnostics.map(({ message, location }) => ({
    path: location.path,
    line: location.start.line,
    message,
  }));
}

describe.each(rules)('$file', ({ file, forbidden, allowed }) => {
  it.each(Object.entries(forbidden))('must not import %s', (source, message) => {
    const messages = found.get(`${file}: ${source}`) ?? [];
    expect(messages).toHaveLength(ways(source).length);
    for (const line of messages) expect(line).toMatch(message);
  });

  it.each(allowed)('may import %s', (source) => {
    expect(found.get(`${file}: ${source}`)).toBeUndefined();
  });
});

describe('folders', () => {
  const ruled = (root: string) =>
    new Set(
      rules
        .map(({ file }) => file.split('/'))
        .filter(([top, , ...rest]) => top === root && rest.length > 0)
        .map(([, folder]) => folder),
    );

  it('each folder of src-main has its rule', () => {
    const folders = subfolders('src-main');
    expect(folders.filter((name) => !ruled('src-main').has(name))).toEqual([]);
  });

  it('src-renderer has the folders that the rules know', () => {
    const known = ['client', 'components', 'features', 'stores'];
    expect(subfolders('src-renderer').filter((name) => !known.includes(name))).toEqual([]);
  });
});

function subfolders(folder: string): string[] {
  return readdirSync(path.join(repository, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
