// An edit of a definition under way: what it began from, what it is now, and whether somebody else changed it since.
import type { VmDefinition } from '../../../../src-main/contract/definition.ts';

export interface Draft {
  /** The definition that the edit began from, and its revision. */
  readonly base: VmDefinition;
  readonly revision: number;
  readonly edited: VmDefinition;
  /** What the library has by now, when that is no longer `base`. */
  readonly theirs: { readonly definition: VmDefinition; readonly revision: number } | null;
}

export type DraftAction =
  | { type: 'change'; change: Partial<VmDefinition> }
  | { type: 'replace'; definition: VmDefinition }
  /** The library has this now. */
  | { type: 'follow'; definition: VmDefinition; revision: number }
  | { type: 'discard' }
  /** Goes on with this edit; saving it replaces what somebody else saved. */
  | { type: 'overwrite' };

export function newDraft(definition: VmDefinition, revision: number): Draft {
  return { base: definition, revision, edited: definition, theirs: null };
}

export function reduceDraft(draft: Draft, action: DraftAction): Draft {
  switch (action.type) {
    case 'change':
      return { ...draft, edited: { ...draft.edited, ...action.change } };
    case 'replace':
      return { ...draft, edited: action.definition };
    case 'follow':
      return follow(draft, action.definition, action.revision);
    case 'discard':
      return draft.theirs
        ? newDraft(draft.theirs.definition, draft.theirs.revision)
        : newDraft(draft.base, draft.revision);
    case 'overwrite':
      return draft.theirs
        ? { ...draft, base: draft.theirs.definition, revision: draft.theirs.revision, theirs: null }
        : draft;
  }
}

function follow(draft: Draft, definition: VmDefinition, revision: number): Draft {
  if (revision <= draft.revision) return draft;
  // What was saved is what stands here: nothing is in conflict.
  if (!isChanged(draft) || same(draft.edited, definition)) return newDraft(definition, revision);
  return { ...draft, theirs: { definition, revision } };
}

export function isChanged({ base, edited }: Draft): boolean {
  return !same(base, edited);
}

/** Pointers to what differs, one for each part of a definition that has a name of its own. */
export function changedFields(before: VmDefinition, after: VmDefinition): string[] {
  const keys = Object.keys({ ...before, ...after }) as (keyof VmDefinition)[];
  return keys.flatMap((key) => {
    if (same(before[key], after[key])) return [];
    return key === 'network' ? changedNetwork(before, after) : [`/${key}`];
  });
}

function changedNetwork({ network: before }: VmDefinition, { network: after }: VmDefinition): string[] {
  const { forwards: forwardsBefore, ...restBefore } = before;
  const { forwards: forwardsAfter, ...restAfter } = after;
  return [
    ...(same(restBefore, restAfter) ? [] : ['/network']),
    ...(same(forwardsBefore, forwardsAfter) ? [] : ['/network/forwards']),
  ];
}

/** Parts the changed fields into those that a running machine takes at once, and those that wait for its next start. */
export function whenApplied(fields: readonly string[]): { now: string[]; later: string[] } {
  // A forward can be made on a running network only as long as the network itself stays as it is.
  const live = fields.includes('/network') ? ['/name', '/note'] : ['/name', '/note', '/network/forwards'];
  return {
    now: fields.filter((field) => live.includes(field)),
    later: fields.filter((field) => !live.includes(field)),
  };
}

/** Order of keys aside: a definition that went through the main side may have another. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined));
  return (
    left.length === right.size && left.every(([key, value]) => right.has(key) && same(value, right.get(key)))
  );
}
