// Edits that were not saved, by machine: another tab or machine may be looked at meanwhile, and nothing typed is lost.
import { type Draft, isChanged } from './draft.ts';

const kept = new Map<string, Draft>();

export function keptDraft(id: string): Draft | undefined {
  return kept.get(id);
}

/** One that changes nothing (saved, discarded) is forgotten. */
export function keepDraft(id: string, draft: Draft): void {
  if (isChanged(draft)) kept.set(id, draft);
  else kept.delete(id);
}
