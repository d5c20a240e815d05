import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyPresent, parseDocument, printDocument, type VmDocument } from './document.ts';
import { definitionWith } from './testing.ts';

const document: VmDocument = {
  schemaVersion: 2,
  revision: 3,
  createdAt: '2025-01-02T03:04:05.678Z',
  definition: definitionWith(),
  present: emptyPresent,
  base: null,
  resetTo: null,
};
const bytes = (text: string) => new TextEncoder().encode(text);

describe('parseDocument', () => {
  it('reads what printDocument wrote', () => {
    expect(parseDocument(bytes(printDocument(document)))).toEqual({ kind: 'usable', document });
  });

  it('reads the fixture of every version it claims to know', async () => {
    const fixture = await readFile(path.join(import.meta.dirname, 'fixtures', 'vm-1.json'));
    const parsed = parseDocument(fixture);
    expect(parsed).toMatchObject({
      kind: 'usable',
      document: { schemaVersion: 2, revision: 7, present: emptyPresent, base: null, resetTo: null },
    });
  });

  const text = printDocument(document);
  it.each([
    ['an empty file', bytes(''), 'empty'],
    ['zero bytes', new Uint8Array(4096), 'zero bytes'],
    ['half of it', bytes(text.slice(0, text.length / 2)), 'breaks off'],
    ['not text', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), 'not text'],
    ['not JSON', bytes('{revision: 1}'), 'not valid JSON'],
    ['a list', bytes('[]'), 'not the description'],
    ['a number', bytes('12'), 'not the description'],
    ['no version', bytes('{"revision":1}'), 'which version'],
    ['a version that is a word', bytes('{"schemaVersion":"1"}'), 'which version'],
    ['a newer version', bytes(text.replace('"schemaVersion": 2', '"schemaVersion": 3')), 'newer Armoire'],
    ['a wrong type', bytes(text.replace('"vcpus": 1', '"vcpus": "one"')), 'definition.vcpus'],
    [
      'a missing part',
      bytes('{"schemaVersion":2,"revision":1,"createdAt":"2025-01-02T03:04:05Z"}'),
      'definition',
    ],
    ['a path that leads out', bytes(text.replace('firmware/sample', '../sample')), 'definition.boot'],
  ])('tells why %s cannot be used', (_, content, reason) => {
    const parsed = parseDocument(content);
    expect(parsed.kind).toBe('damaged');
    expect(parsed.kind === 'damaged' && parsed.reason).toContain(reason);
  });
});
