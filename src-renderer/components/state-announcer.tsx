// Tells screen readers when a VM changes its state, wherever it is shown.
import { useEffect, useState } from 'react';
import { VisuallyHidden } from 'react-aria-components';
import { vms } from '../stores/vms.ts';
import { stateChanges } from './state-changes.ts';

export function StateAnnouncer() {
  const [words, setWords] = useState('');
  useEffect(
    () =>
      vms.subscribe((now, before) => {
        const changes = stateChanges(before, now);
        if (changes) setWords(changes);
      }),
    [],
  );
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {words}
    </VisuallyHidden>
  );
}
