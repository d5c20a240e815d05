// Files that QEMU puts into memory before the start: where each goes, and which core begins in it.
import { Plus, Trash2 } from 'lucide-react';
import type { LoaderImage } from '../../../../src-main/contract/definition.ts';
import { Button, IconButton } from '../../../components/button.tsx';
import { controlProps, type DefinitionForm } from '../../../components/definition/form.ts';
import { Field } from '../../../components/field.tsx';
import { ProblemList } from '../../../components/problem-list.tsx';
import styles from './hardware.module.css';
import { withLoaderCore, withLoaderPlace } from './loader-image.ts';
import { MachineFile } from './machine-file.tsx';

export function LoaderFields({ form }: { form: DefinitionForm }) {
  const { definition, disabled, problems } = form;
  const { loaders, boot } = definition;
  const change = (changed: LoaderImage[]) => form.change({ loaders: changed });
  if (loaders.length === 0 && boot.kind !== 'loader')
    return <AddLoader form={form} words="Load another file" />;
  return (
    <>
      <ul className={styles.list} aria-label="Loaded files">
        {loaders.map((image, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an image is its place in the list; its fields all change
          <li key={index} className={styles.loader} data-loader={index}>
            <LoaderImageFields
              form={form}
              image={image}
              index={index}
              onChange={(changed) => change(loaders.with(index, changed))}
            />
            <span className={styles.loaderRemove}>
              <IconButton
                icon={Trash2}
                label={`Remove loaded file ${index + 1}`}
                isDisabled={disabled}
                onPress={() => change(loaders.toSpliced(index, 1))}
              />
            </span>
          </li>
        ))}
      </ul>
      <ProblemList problems={problems.filter(({ field }) => field === '/loaders')} onFix={form.fix} />
      <AddLoader form={form} words="Add a file" />
    </>
  );
}

function AddLoader({ form, words }: { form: DefinitionForm; words: string }) {
  const { loaders } = form.definition;
  return (
    <div className={styles.row}>
      <Button
        size="s"
        icon={Plus}
        isDisabled={form.disabled || loaders.length >= 16}
        onPress={() => form.change({ loaders: [...loaders, { file: '' }] })}
      >
        {words}
      </Button>
    </div>
  );
}

interface LoaderImageFieldsProps {
  form: DefinitionForm;
  image: LoaderImage;
  index: number;
  onChange: (image: LoaderImage) => void;
}

function LoaderImageFields({ form, image, index, onChange }: LoaderImageFieldsProps) {
  const at = `/loaders/${index}`;
  return (
    <>
      <MachineFile
        label={`File ${index + 1}`}
        purpose="firmware"
        value={image.file}
        onChange={(file) => onChange({ ...image, file })}
        {...controlProps(form, `${at}/file`)}
        problems={form.problems.filter(({ field }) => field === at || field === `${at}/file`)}
      />
      <Field
        label="Address"
        mono
        placeholder="as the ELF says"
        value={image.address ?? ''}
        onChange={(address) => onChange(withLoaderPlace(image, address.trim()))}
        {...controlProps(form, `${at}/address`)}
      />
      <Field
        label="Starts core"
        placeholder="none"
        value={image.core === undefined ? '' : String(image.core)}
        onChange={(core) => onChange(withLoaderCore(image, core))}
        {...controlProps(form, `${at}/core`)}
      />
    </>
  );
}
