// An answer about a file, kept as long as the file is the one that it was asked about.
import { stat } from 'node:fs/promises';

/** The newest answers: a wizard asks about the same few files again and again. */
const keptAnswers = 32;

export interface FileMemo<T> {
  /** `about`: what else the answer depends on. A failure is not kept. */
  of(file: string, about: string, ask: () => Promise<T>): Promise<T>;
}

export function createFileMemo<T>(): FileMemo<T> {
  const answers = new Map<string, Promise<T>>();
  return {
    async of(file, about, ask) {
      // Before it is asked: a file that changes meanwhile is another one by the next time.
      const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
      const key = [file, dev, ino, size, mtimeNs, ctimeNs, about].join('\0');
      const known = answers.get(key);
      if (known) return known;
      const answer = ask();
      answers.set(key, answer);
      answer.catch(() => answers.delete(key));
      for (const oldest of answers.keys()) {
        if (answers.size <= keptAnswers) break;
        answers.delete(oldest);
      }
      return answer;
    },
  };
}
