// The Command tab: the exact QEMU command line, and which setting made each argument.
import { useEffect, useState } from 'react';
import type { FaultData } from '../../../src-main/contract/fault.ts';
import type { ExplainedArgument, VmView } from '../../../src-main/contract/vm.ts';
import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';
import { Card } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { fieldWords } from '../../components/definition/field-words.ts';
import { FaultNotice } from '../../components/notice.tsx';
import styles from './command-tab.module.css';
import { shellCommand } from './shell-command.ts';

type CommandLine = Awaited<ReturnType<typeof client.vms.commandLine>>;

export function CommandTab({ vm }: { vm: VmView }) {
  const { commandLine, fault } = useCommandLine(vm);
  if (fault) return <FaultNotice fault={fault} />;
  if (!commandLine) return null;
  const { program, arguments: args } = commandLine;
  const command = shellCommand(program, args);
  return (
    <div className={styles.command}>
      <Card
        title="Command line"
        description={
          vm.run
            ? 'What this machine was started with. Nothing else decides what the guest gets.'
            : 'What Start runs. Nothing else decides what the guest gets.'
        }
        actions={<CopyButton words text={command} label="Copy as shell command" />}
        flush
      >
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Argument</th>
              <th scope="col">Setting</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <td className={styles.words}>{program}</td>
              <td className={styles.setting}>QEMU</td>
              <td className={styles.why}>The binary in use; the settings decide which.</td>
            </tr>
            {args.map((argument) => (
              <Row key={argument.words.join(' ')} argument={argument} />
            ))}
          </tbody>
        </table>
      </Card>
    </div>
  );
}

function Row({ argument: { words, setting, why } }: { argument: ExplainedArgument }) {
  const [option, ...values] = words;
  return (
    <tr>
      <td className={styles.words}>
        <span className={styles.option}>{option}</span> {values.join(' ')}
      </td>
      <td className={styles.setting}>{setting === null ? 'Always' : fieldWords(setting)}</td>
      <td className={styles.why}>{why}</td>
    </tr>
  );
}

/** Asked again whenever the definition changes, and when a run begins or ends. */
function useCommandLine({ id, revision, state }: VmView): {
  commandLine: CommandLine | null;
  fault: FaultData | null;
} {
  const [answer, setAnswer] = useState<{ commandLine: CommandLine | null; fault: FaultData | null }>({
    commandLine: null,
    fault: null,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: revision and state are what the answer depends on
  useEffect(() => {
    const controller = new AbortController();
    client.vms.commandLine({ id }, { signal: controller.signal }).then(
      (commandLine) => setAnswer({ commandLine, fault: null }),
      (error) => {
        if (!controller.signal.aborted) setAnswer({ commandLine: null, fault: faultOf(error) });
      },
    );
    return () => controller.abort();
  }, [id, revision, state]);
  return answer;
}
