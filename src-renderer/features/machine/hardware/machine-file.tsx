// A file of the definition: one in the machine's own folder, or one of the user's, used in place.
import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { type FileFieldProps, useSlots } from '../../../slots.ts';
import { isOwnFile } from './own-file.ts';

export function MachineFile(props: FileFieldProps) {
  const { FileField } = useSlots();
  const [replacing, setReplacing] = useState(false);
  if (replacing || !isOwnFile(props.value)) return <FileField {...props} />;
  return (
    <Field
      label={props.label}
      mono
      value={props.value}
      onChange={props.onChange}
      disabled
      description="In the machine’s own folder."
      problems={props.problems}
      onFix={props.onFix}
      trailing={
        <Button
          icon={FolderOpen}
          isDisabled={props.disabled ?? false}
          onPress={() => {
            setReplacing(true);
            props.onChange('');
          }}
        >
          Use another
        </Button>
      }
    />
  );
}
