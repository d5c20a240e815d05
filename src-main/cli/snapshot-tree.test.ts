import { describe, expect, it } from 'vitest';
import type { VmDefinition } from '../contract/definition.ts';
import type { SnapshotTree, SnapshotView } from '../contract/snapshot.ts';
import { findSnapshot } from './find-snapshot.ts';
import { keptName } from './snapshot.ts';
import { treeRows } from './snapshot-tree.ts';

const ids = ['a', 'b', 'c', 'd', 'e'].map((digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`);
const [a = '', b = '', c = '', d = '', gone = ''] = ids;

function view(
  id: string,
  parent: string | null,
  name: string,
  more: Partial<SnapshotView> = {},
): SnapshotView {
  return {
    id,
    parent,
    name,
    note: '',
    createdAt: '2026-03-31T09:05:07',
    origin: 'user',
    memory: true,
    paused: false,
    bytes: 1536,
    freedBytes: 1536,
    definition: {} as VmDefinition,
    qemuVersion: '10.0.2',
    usedBy: [],
    ...more,
  };
}

function tree(snapshots: SnapshotView[], parent: string | null, resetTo: string | null = null): SnapshotTree {
  return {
    vm: ids[4] ?? '',
    snapshots,
    present: { parent, bytes: 4096 },
    resetTo,
    damaged: [],
    internal: [],
  };
}

/** The first column and the last. */
function drawn(of: SnapshotTree): string[] {
  return treeRows(of)
    .slice(1)
    .map((row) => `${row[0]}${row[5] === '' ? '' : ` | ${row[5]}`}`);
}

describe('the tree of snapshots', () => {
  it('is drawn below what each grew from, the present last', () => {
    const whole = tree([view(a, null, 'base'), view(b, a, 'one'), view(c, b, 'deep'), view(d, a, 'two')], a);
    expect(drawn(whole)).toEqual(['base', '├─ one', '│  └─ deep', '├─ two', '└─ (present)']);
    expect(treeRows(whole)[1]).toEqual(['base', '2026-03-31 09:05:07', 'memory', '1.5 KiB', a, '']);
  });

  it('has several roots, and the present may be one', () => {
    expect(drawn(tree([view(a, null, 'one'), view(b, null, 'two')], null))).toEqual([
      'one',
      'two',
      '(present)',
    ]);
  });

  it('shows what lost its parent', () => {
    expect(drawn(tree([view(a, gone, 'orphan')], gone))).toEqual(['orphan', '(present)']);
  });

  it('says what is to know of each', () => {
    const fault = { code: 'damaged', message: 'm', remedy: 'r' } as const;
    const whole = tree(
      [
        view(a, null, 'bad', { damage: fault, mismatch: fault }),
        view(b, a, 'old', { mismatch: fault, origin: 'automatic' }),
        view(c, b, 'lab', { usedBy: ['x', 'y'], origin: 'fork', memory: false }),
      ],
      c,
      c,
    );
    expect(drawn(whole).slice(0, 3)).toEqual([
      'bad | damaged',
      '└─ old | cold boot only; automatic',
      '   └─ lab | every start begins here; used by x, y; for a fork',
    ]);
  });
});

describe('findSnapshot', () => {
  const whole = tree([view(a, null, 'clean'), view(b, a, 'twin'), view(c, a, 'twin')], a);

  it('takes a name or an id', () => {
    expect(findSnapshot(whole, 'lab', 'clean').id).toBe(a);
    expect(findSnapshot(whole, 'lab', b.toUpperCase()).id).toBe(b);
  });

  it('does not guess between two of a name', () => {
    expect(() => findSnapshot(whole, 'lab', 'twin')).toThrow(
      expect.objectContaining({
        data: expect.objectContaining({
          code: 'conflict',
          message: '2 snapshots of lab are called twin.',
          remedy: `Say which one by its id: ${b}, ${c}`,
        }),
      }),
    );
  });

  it('says what is not there, and where to look', () => {
    expect(() => findSnapshot(whole, 'lab', 'Clean')).toThrow('lab has no snapshot called Clean.');
    expect(() => findSnapshot(tree([], null), 'lab', 'x')).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ code: 'not-found' }) }),
    );
  });
});

describe('keptName', () => {
  it('tells when the way parted, and fits', () => {
    const now = new Date(2026, 2, 31, 9, 5, 7);
    expect(keptName('clean', now)).toBe('before clean, 2026-03-31 09:05:07');
    const long = keptName('x'.repeat(80), now);
    expect(long).toHaveLength(80);
    expect(long).toMatch(/x, 2026-03-31 09:05:07$/);
  });
});
