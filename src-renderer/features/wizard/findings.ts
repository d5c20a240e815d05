// Which page of the wizard a problem belongs to.
import type { Problem } from '../../../src-main/contract/problem.ts';
import { problemsBeside } from '../../components/definition/findings.ts';
import type { Page } from './state.ts';

export function pageOf(field: string): Page {
  const [, root] = field.split('/');
  switch (root) {
    case 'boot':
    case 'loaders':
    case 'origin':
      return 'what';
    case 'disks':
    case 'network':
      return 'storage';
    case undefined:
    case '':
      return 'review';
    default:
      return 'hardware';
  }
}

/** Problems of a page that none of its fields shows: they are shown all the same. */
export function leftOver(problems: readonly Problem[], page: Page, ...shown: string[]): Problem[] {
  return problemsBeside(problems, ...shown).filter((problem) => pageOf(problem.field) === page);
}
