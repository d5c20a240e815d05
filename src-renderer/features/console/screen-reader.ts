// Whether terminals speak to a screen reader: a choice of this browser or app, kept where it was made.
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

const key = 'armoire.console.screen-reader';

const choice = createStore(() => ({ on: localStorage.getItem(key) === 'on' }));

/** Costs speed while much is printed, so it is off until it is asked for. */
export function useScreenReader(): [boolean, (on: boolean) => void] {
  const on = useStore(choice, (state) => state.on);
  return [
    on,
    (value) => {
      localStorage.setItem(key, value ? 'on' : 'off');
      choice.setState({ on: value });
    },
  ];
}
