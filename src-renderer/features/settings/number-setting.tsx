// A number that is saved when it is done with: on Enter, on a step, on leaving the field.
import { useEffect, useState } from 'react';
import { NumberField, type NumberFieldProps } from '../../components/field.tsx';
import styles from './settings.module.css';

interface NumberSettingProps extends Omit<NumberFieldProps, 'onChange'> {
  onSave: (value: number) => void;
}

export function NumberSetting({ value, onSave, ...field }: NumberSettingProps) {
  const [shown, setShown] = useState(value);
  useEffect(() => setShown(value), [value]);
  return (
    <div className={styles.number}>
      <NumberField
        {...field}
        value={shown}
        onceCommitted
        onChange={(next) => {
          setShown(next);
          if (next !== value) onSave(next);
        }}
      />
    </div>
  );
}
