// What was not saved is there again, and what was is not.
import { expect, test } from 'vitest';
import type { VmDefinition } from '../../../../src-main/contract/definition.ts';
import { newDraft, reduceDraft } from './draft.ts';
import { keepDraft, keptDraft } from './kept-drafts.ts';

const definition = { name: 'guest', note: '', vcpus: 2 } as VmDefinition;

test('a changed draft is kept for its machine until it changes nothing any more', () => {
  const fresh = newDraft(definition, 3);
  const changed = reduceDraft(fresh, { type: 'change', change: { vcpus: 4 } });
  keepDraft('a', changed);
  expect(keptDraft('a')).toBe(changed);
  expect(keptDraft('b')).toBeUndefined();
  keepDraft('a', reduceDraft(changed, { type: 'discard' }));
  expect(keptDraft('a')).toBeUndefined();
});
