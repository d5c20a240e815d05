// A mirror of the main side's settings, and the way to change them.
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Settings } from '../../src-main/contract/host.ts';
import { client } from '../client/client.ts';
import { subscribe } from '../client/subscribe.ts';

export const settings = createStore<{ value: Settings | null }>(() => ({ value: null }));

export function mirrorSettings(): () => void {
  return subscribe(
    (signal) => client.host.watchSettings(undefined, { signal }),
    (value) => settings.setState({ value }, true),
  );
}

/** null until the main side has told them. */
export function useSettings(): Settings | null {
  return useStore(settings, (state) => state.value);
}
