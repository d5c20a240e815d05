// The last screen of a console, small: follows the guest, takes no keys, answers nothing.
import { useEffect } from 'react';
import { openBytes } from '../../client/byte-channel.ts';
import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';
import type { ConsoleProps } from '../../slots.ts';
import styles from './console-preview.module.css';
import { startSession } from './session.ts';
import { useSmallTerminal } from './use-small-terminal.ts';

/** More than a screen, so that the last one is whole. */
const tail = 16 * 1024;

export function ConsolePreview({ vmId, console }: ConsoleProps) {
  const { frame, terminal, dark } = useSmallTerminal();

  useEffect(() => {
    if (terminal === null) return undefined;
    const session = startSession({
      tail,
      open: async (position) =>
        openBytes((await client.console.open({ id: vmId, console, ...position })).ticket),
      screen: {
        write: (bytes, shown) => terminal.write(bytes, shown),
        reset: () => terminal.write('\x1bc'),
        gap: () => {},
        replaying: () => {},
      },
      explain: (error) => {
        const fault = faultOf(error);
        return { message: fault.message, final: fault.code === 'not-found' };
      },
      onStatus: () => {},
      later: (run, ms) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    });
    return () => session.close();
  }, [terminal, vmId, console]);

  return (
    <div className={styles.preview} data-dark={dark} role="img" aria-label="The console’s last screen">
      <div ref={frame} className={styles.frame} inert />
    </div>
  );
}
