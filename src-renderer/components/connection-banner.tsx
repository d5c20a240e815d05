// Says that the connection to the main side is lost, and what is done about it.
import { Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { type ConnectionState, connection, reconnectNow } from '../client/connection.ts';
import { Button } from './button.tsx';
import styles from './connection-banner.module.css';

export function ConnectionBanner() {
  const state = useStore(connection);
  return (
    <div role="status" className={styles.region}>
      {isTrouble(state) ? (
        <div className={styles.banner}>
          <Unplug aria-hidden className={styles.icon} />
          <p className={styles.text}>
            <strong>{titleOf(state)}</strong> {state.status === 'refused' ? refusedWords : lostWords}
          </p>
          {state.status === 'lost' ? <RetryButton retryAt={state.retryAt} /> : null}
        </div>
      ) : null}
    </div>
  );
}

const lostWords = 'Machines keep running; what is shown here may be out of date.';
const refusedWords = 'Open the link that “armoire serve” prints to sign this browser in again.';

/** The first attempt of a fresh page is no trouble. */
function isTrouble(state: ConnectionState): boolean {
  return (
    state.status === 'lost' ||
    state.status === 'refused' ||
    (state.status === 'connecting' && state.attempt > 0)
  );
}

function titleOf(state: ConnectionState): string {
  if (state.status === 'refused') return 'This browser is not signed in.';
  return state.status === 'connecting' ? 'Connecting again…' : 'Connection to Armoire lost.';
}

function RetryButton({ retryAt }: { retryAt: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((retryAt - now) / 1000));
  return (
    <>
      <span aria-hidden className={styles.wait}>
        Next attempt in {seconds} s
      </span>
      <Button size="s" onPress={reconnectNow}>
        Try now
      </Button>
    </>
  );
}
