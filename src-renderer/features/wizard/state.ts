// The wizard's state as a pure reducer: pages, drafts, the machine being made, and what the user changed of it.
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import type {
  CreateRequest,
  Provision,
  RefitResult,
  Suggestion,
  WizardSource,
} from '../../../src-main/contract/vm.ts';
import { adoptSuggestion, noTouch, type Touched, touchedBy } from './adopt.ts';
import { emptyDrafts, type SourceDrafts, type SourceKind } from './source.ts';

export const pages = ['what', 'hardware', 'storage', 'review'] as const;
export type Page = (typeof pages)[number];

export const pageWords: Readonly<Record<Page, string>> = {
  what: 'What',
  hardware: 'Hardware',
  storage: 'Storage and network',
  review: 'Review',
};

export interface WizardState {
  readonly page: Page;
  readonly kind: SourceKind | null;
  readonly drafts: SourceDrafts;
  /** The suggestion that `request` grew from, and the answer it was made for. */
  readonly basis: { readonly source: WizardSource; readonly suggestion: Suggestion } | null;
  /** What would be created now; null until the first suggestion for this kind. */
  readonly request: CreateRequest | null;
  readonly touched: Touched;
  /** What the last change of board did, and what it was before. */
  readonly refit: { readonly changes: RefitResult['changes']; readonly before: CreateRequest } | null;
}

export type WizardAction =
  | { type: 'choose'; kind: SourceKind }
  | {
      [K in keyof SourceDrafts]: { type: 'draft'; kind: K; change: Partial<SourceDrafts[K]> };
    }[keyof SourceDrafts]
  | { type: 'suggested'; source: WizardSource; suggestion: Suggestion }
  | { type: 'define'; definition: VmDefinition }
  | { type: 'add-disk'; disk: VmDefinition['disks'][number]; provision: Provision | null }
  | { type: 'remove-disk'; id: string }
  | { type: 'resize-disk'; id: string; sizeBytes: number }
  | { type: 'refitted'; result: RefitResult }
  | { type: 'undo-refit' }
  | { type: 'dismiss-refit' }
  | { type: 'go'; page: Page };

export const initialWizard: WizardState = {
  page: 'what',
  kind: null,
  drafts: emptyDrafts,
  basis: null,
  request: null,
  touched: noTouch,
  refit: null,
};

export function reduceWizard(state: WizardState, action: WizardAction): WizardState {
  switch (action.type) {
    case 'choose':
      return action.kind === state.kind
        ? state
        : { ...initialWizard, page: state.page, drafts: state.drafts, kind: action.kind };
    case 'draft':
      return withTypedCmdline({
        ...state,
        drafts: { ...state.drafts, [action.kind]: { ...state.drafts[action.kind], ...action.change } },
      });
    case 'suggested':
      return {
        ...state,
        basis: { source: action.source, suggestion: action.suggestion },
        request: adoptSuggestion(action.suggestion, state.request, state.basis?.suggestion, state.touched),
      };
    case 'define':
      return showCmdline(withRequest(state, (request) => ({ ...request, definition: action.definition })));
    case 'add-disk':
      return withRequest(state, ({ definition, provisions }) => ({
        definition: { ...definition, disks: [...definition.disks, action.disk] },
        provisions: action.provision === null ? provisions : [...provisions, action.provision],
      }));
    case 'remove-disk':
      return withRequest(state, ({ definition, provisions }) => ({
        definition: { ...definition, disks: definition.disks.filter((disk) => disk.id !== action.id) },
        provisions: provisions.filter((step) => step.kind === 'sample' || step.diskId !== action.id),
      }));
    case 'resize-disk':
      return withRequest(state, ({ definition, provisions }) => ({
        definition,
        provisions: provisions.map((step) =>
          step.kind === 'new-disk' && step.diskId === action.id
            ? { ...step, sizeBytes: action.sizeBytes }
            : step,
        ),
      }));
    case 'refitted':
      return state.request === null
        ? state
        : {
            ...showCmdline(
              withRequest(state, (request) => ({ ...request, definition: action.result.definition })),
            ),
            refit: { changes: besidesTheBoard(action.result.changes), before: state.request },
          };
    case 'undo-refit':
      return state.refit === null
        ? state
        : showCmdline({ ...state, request: state.refit.before, refit: null });
    case 'dismiss-refit':
      return { ...state, refit: null };
    case 'go':
      return { ...state, page: action.page, refit: null };
  }
}

/** The board itself was chosen; what came with it is the news. */
function besidesTheBoard(changes: RefitResult['changes']): RefitResult['changes'] {
  return changes.filter(({ field }) => field !== '/machine');
}

function withRequest(state: WizardState, change: (request: CreateRequest) => CreateRequest): WizardState {
  if (state.request === null) return state;
  const request = change(state.request);
  return { ...state, request, touched: touchedBy(state.touched, state.request, request) };
}

/** A command line that is typed is the machine's at once: on another board than the suggested one no suggestion brings it. */
function withTypedCmdline(state: WizardState): WizardState {
  const { cmdline } = state.drafts.kernel;
  if (state.kind !== 'kernel' || cmdline === null) return state;
  return withRequest(state, (request) => {
    const { boot } = request.definition;
    if (boot.kind !== 'kernel' || boot.cmdline === cmdline) return request;
    return { ...request, definition: { ...request.definition, boot: { ...boot, cmdline } } };
  });
}

/** What a fix or another board made of a typed command line is what its field shows from then on. */
function showCmdline(state: WizardState): WizardState {
  const { kernel } = state.drafts;
  const boot = state.request?.definition.boot;
  if (boot?.kind !== 'kernel' || kernel.cmdline === null || kernel.cmdline === boot.cmdline) return state;
  return { ...state, drafts: { ...state.drafts, kernel: { ...kernel, cmdline: boot.cmdline } } };
}

export function neighbour(page: Page, step: 1 | -1): Page | undefined {
  return pages[pages.indexOf(page) + step];
}

/** Whether the machine being made answers what the first page says now. */
export function isSettled(state: WizardState, source: WizardSource | null): boolean {
  return source !== null && state.basis !== null && sameSource(state.basis.source, source);
}

export function sameSource(a: WizardSource | null, b: WizardSource | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
