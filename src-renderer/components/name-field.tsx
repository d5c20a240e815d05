// The field that a dialog begins with: a name, there to be typed over, and Enter to be done.
import { type FormEvent, useEffect, useRef } from 'react';
import { Field } from './field.tsx';
import type { DraftName } from './use-draft-name.ts';

interface NameFieldProps {
  label: string;
  draft: DraftName;
  onSubmit: () => void;
  description?: string | undefined;
  /** False where it is not what the dialog begins with. */
  first?: boolean | undefined;
}

export function NameField({ label, draft, onSubmit, description, first = true }: NameFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (first) input.current?.select();
  }, [first]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit}>
      <Field
        label={label}
        value={draft.value}
        onChange={draft.set}
        autoFocus={first}
        inputRef={input}
        description={description}
        error={draft.error}
      />
    </form>
  );
}
