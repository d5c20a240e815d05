// The debugger's command line, to copy.
import type { VmDefinition } from '../../src-main/contract/definition.ts';
import { useHost } from '../stores/host.ts';
import { CopyButton } from './copy-button.tsx';
import { gdbCommand } from './gdb-command.ts';
import styles from './gdb-line.module.css';

interface GdbLineProps {
  definition: VmDefinition;
  /** Left out for a machine that is not made yet. */
  vmId?: string | undefined;
}

export function GdbLine({ definition, vmId }: GdbLineProps) {
  const library = useHost().info?.library.path;
  const directory = vmId === undefined || library === undefined ? undefined : `${library}/${vmId}`;
  const text = gdbCommand(definition, directory);
  return (
    <span className={styles.line}>
      <code className={styles.text}>{text}</code>
      <CopyButton text={text} label="Copy the debugger’s command" />
    </span>
  );
}
