// For those who debug what they run: GDB stub, a halted start, semihosting.
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import { NumberField } from '../field.tsx';
import { GdbLine } from '../gdb-line.tsx';
import { Switch } from '../switch.tsx';
import styles from './form.module.css';
import { controlProps, type DefinitionForm } from './form.ts';

interface DebugFieldsProps {
  form: DefinitionForm;
  /** Left out for a machine that is not made yet. */
  vmId?: string | undefined;
}

export function DebugFields({ form, vmId }: DebugFieldsProps) {
  const { debug } = form.definition;
  const { gdb } = debug;
  const set = (changed: Partial<VmDefinition['debug']>) => form.change({ debug: { ...debug, ...changed } });
  return (
    <div className={styles.grid}>
      <Switch
        label="GDB stub"
        description={`A debugger can attach to 127.0.0.1:${gdb.port}.`}
        value={gdb.enabled}
        onChange={(enabled) => set({ gdb: { ...gdb, enabled } })}
        {...controlProps(form, ...(gdb.enabled ? ['/debug/gdb/enabled'] : ['/debug/gdb']))}
      />
      {gdb.enabled ? (
        <NumberField
          label="GDB port"
          plain
          value={gdb.port}
          min={1024}
          max={65535}
          onChange={(port) => set({ gdb: { ...gdb, port } })}
          {...controlProps(form, '/debug/gdb/port')}
        />
      ) : null}
      {gdb.enabled ? (
        <div className={styles.field}>
          <span>Attach with</span>
          <GdbLine definition={form.definition} vmId={vmId} />
        </div>
      ) : null}
      <Switch
        label="Start halted"
        description="The vCPUs wait for Resume, or for the debugger."
        value={debug.startHalted}
        onChange={(startHalted) => set({ startHalted })}
        {...controlProps(form, '/debug/startHalted')}
      />
      <Switch
        label="Semihosting"
        description="The guest may print, end the machine, and read and write your files on this computer. Off unless the program is yours."
        value={debug.semihosting}
        onChange={(semihosting) => set({ semihosting })}
        {...controlProps(form, '/debug/semihosting')}
      />
    </div>
  );
}

/** Fields that show their own problems here. */
export const debugFields = ['/debug/gdb', '/debug/startHalted', '/debug/semihosting'];
