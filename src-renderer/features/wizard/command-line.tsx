// QEMU's arguments, one setting a line, each with its reason.
import type { ExplainedArgument } from '../../../src-main/contract/vm.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { shellWord } from '../../components/shell-word.ts';
import styles from './command-line.module.css';

export function CommandLine({ commandLine }: { commandLine: readonly ExplainedArgument[] }) {
  const whole = commandLine.map(({ words }) => words.map(shellWord).join(' ')).join(' \\\n  ');
  return (
    <div className={styles.box}>
      <div className={styles.copy}>
        <CopyButton text={whole} label="Copy the arguments" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and must do so by keyboard too */}
      <ol className={styles.lines} tabIndex={0} aria-label="Arguments">
        {commandLine.map((argument) => {
          const words = argument.words.map(shellWord).join(' ');
          return (
            <li key={words} className={styles.line}>
              <code className={styles.words}>{words}</code>
              <span className={styles.why}>{argument.why}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
