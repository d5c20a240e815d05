import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDefinition } from './check.ts';
import { definition, facts, kernelBoot } from './fixtures/samples.ts';

const directory = path.join(import.meta.dirname, 'rules');
const sources = readdirSync(directory).map(
  (name) => [name, readFileSync(path.join(directory, name), 'utf8')] as const,
);
const ids = sources
  .filter(([name]) => !name.endsWith('.test.ts'))
  .flatMap(([, text]) => [...text.matchAll(/\bid: '([a-z-]+)'/g)].map(([, id = '']) => id));
const tests = sources
  .filter(([name]) => name.endsWith('.test.ts'))
  .map(([, text]) => text)
  .join();

describe('the rule engine', () => {
  it('has no two rules of the same name', () => {
    expect(ids.length).toBeGreaterThan(60);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('has a test for every rule', () => {
    const files = ['file-missing', 'file-directory', 'file-device', 'file-unreadable'];
    expect(ids.filter((id) => !tests.includes(`'${id}'`) && !files.includes(id))).toEqual([]);
  });

  it('puts the worst first', () => {
    const broken = definition({ machine: 'raspi3b', cpu: 'cortex-a72', boot: kernelBoot({ cmdline: '' }) });
    const severities = checkDefinition(broken, facts()).map(({ severity }) => severity);
    const order = ['error', 'warning', 'hint'];
    expect(severities).toEqual([...severities].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
    expect(new Set(severities)).toContain('error');
  });

  it('says of an unknown machine no more than that, and what has nothing to do with it', () => {
    const nowhere = definition({ machine: 'toaster', cpu: 'cortex-a99', vcpus: 500 });
    expect(checkDefinition(nowhere, facts()).map(({ rule }) => rule)).toEqual(['machine-unknown']);
  });

  it('leaves the definition alone', () => {
    const given = definition({ machine: 'raspi3b', uarts: 9 });
    const before = structuredClone(given);
    checkDefinition(given, facts());
    expect(given).toEqual(before);
  });
});
