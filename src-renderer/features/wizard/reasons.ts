// Why an answer was filled in: said as long as the answer stands.
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import type { WizardState } from './state.ts';

/** The suggestion's reason for a field whose value is still the suggested one. */
export function reasonFor({ basis, request }: WizardState, field: string): string | undefined {
  if (basis === null || request === null) return undefined;
  const { suggestion } = basis;
  const untouched = same(valueAt(request.definition, field), valueAt(suggestion.request.definition, field));
  return untouched ? suggestion.reasons[field] : undefined;
}

/** RFC 6901; undefined where the pointer leads nowhere. */
function valueAt(definition: VmDefinition, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      definition,
    );
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
