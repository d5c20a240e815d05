// How far work has come and how long it still takes, in few words.
import type { Job } from '../../src-main/contract/job.ts';
import { formatSpan } from './format.ts';

/** `42 %, 12 s left`; a space keeps the line's height while nobody can tell. */
export function jobNote({ percent, remainingSeconds }: Pick<Job, 'percent' | 'remainingSeconds'>): string {
  const parts = [
    percent === null ? '' : `${Math.floor(percent)} %`,
    remainingSeconds === null ? '' : `${formatSpan(Math.max(1, Math.ceil(remainingSeconds)) * 1000)} left`,
  ].filter(Boolean);
  return parts.join(', ') || '\u00a0';
}
