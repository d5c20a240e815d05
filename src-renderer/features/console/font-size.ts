// The terminal's text size: the setting, changed from the console itself.
import { client } from '../../client/client.ts';
import { useSettings } from '../../stores/settings.ts';
import { report } from './console-actions.ts';

/** The setting's default (src-main/vm/settings.ts). */
const normal = 14;
const smallest = 8;
const largest = 40;

export function useFontSize(): { size: number; change: (by: number) => void; reset: () => void } {
  const size = useSettings()?.consoleFontSize ?? normal;
  const save = (wanted: number) => {
    const consoleFontSize = Math.min(largest, Math.max(smallest, wanted));
    void report('The text size was not saved', () => client.host.saveSettings({ consoleFontSize }));
  };
  return { size, change: (by) => save(size + by), reset: () => save(normal) };
}
