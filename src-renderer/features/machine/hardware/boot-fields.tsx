// What the machine starts: the kind of boot, and the files of that kind.
import type { BoardCard, BootRoute } from '../../../../src-main/contract/board.ts';
import type { Boot } from '../../../../src-main/contract/definition.ts';
import { controlProps, type DefinitionForm } from '../../../components/definition/form.ts';
import { Field } from '../../../components/field.tsx';
import { Select } from '../../../components/select.tsx';
import { bootKinds, newBoot, withBootFile } from './boot-kinds.ts';
import { MachineFile } from './machine-file.tsx';

interface BootFieldsProps {
  form: DefinitionForm;
  board: BoardCard | undefined;
}

export function BootFields({ form, board }: BootFieldsProps) {
  const { boot } = form.definition;
  return (
    <>
      <Select
        label="Starts from"
        value={boot.kind}
        onChange={(kind) => {
          if (kind !== boot.kind) form.change({ boot: newBoot(kind) });
        }}
        options={bootKinds.map(({ kind, label, note, routes }) => ({
          id: kind,
          label,
          ...(isOffered(board, routes) || kind === boot.kind
            ? { note }
            : { note: 'This board does not start so.', disabled: true }),
        }))}
        {...controlProps(form, '/boot/kind')}
        problems={form.problems.filter(({ field }) => field === '/boot' || field === '/boot/kind')}
      />
      <BootFiles form={form} boot={boot} />
    </>
  );
}

function isOffered(board: BoardCard | undefined, routes: readonly BootRoute[]): boolean {
  return board === undefined || routes.some((route) => board.boot.includes(route));
}

function BootFiles({ form, boot }: { form: DefinitionForm; boot: Boot }) {
  const set = (changed: Boot) => form.change({ boot: changed });
  switch (boot.kind) {
    case 'uefi':
    case 'loader':
    case 'media':
      return null;
    case 'bios':
    case 'elf':
      return (
        <MachineFile
          label={boot.kind === 'elf' ? 'ELF program' : 'Firmware image'}
          purpose="firmware"
          value={boot.file}
          onChange={(file) => set({ ...boot, file })}
          {...controlProps(form, '/boot/file')}
        />
      );
    case 'pflash':
      return <FlashFiles form={form} boot={boot} />;
    case 'kernel':
      return <KernelFiles form={form} boot={boot} />;
  }
}

function FlashFiles({ form, boot }: { form: DefinitionForm; boot: Extract<Boot, { kind: 'pflash' }> }) {
  return (
    <>
      <MachineFile
        label="Firmware code"
        purpose="firmware"
        value={boot.code}
        onChange={(code) => form.change({ boot: { ...boot, code } })}
        {...controlProps(form, '/boot/code')}
      />
      <MachineFile
        label="Variables (optional)"
        purpose="any"
        value={boot.vars ?? ''}
        onChange={(vars) => form.change({ boot: withBootFile(boot, 'vars', vars) })}
        {...controlProps(form, '/boot/vars')}
      />
    </>
  );
}

function KernelFiles({ form, boot }: { form: DefinitionForm; boot: Extract<Boot, { kind: 'kernel' }> }) {
  return (
    <>
      <MachineFile
        label="Kernel"
        purpose="kernel"
        value={boot.kernel}
        onChange={(kernel) => form.change({ boot: { ...boot, kernel } })}
        {...controlProps(form, '/boot/kernel')}
      />
      <MachineFile
        label="Initial RAM disk (optional)"
        purpose="initrd"
        value={boot.initrd ?? ''}
        onChange={(initrd) => form.change({ boot: withBootFile(boot, 'initrd', initrd) })}
        {...controlProps(form, '/boot/initrd')}
      />
      <MachineFile
        label="Device tree (optional)"
        purpose="device-tree"
        description="Left out: the board makes its own, where it can."
        value={boot.dtb ?? ''}
        onChange={(dtb) => form.change({ boot: withBootFile(boot, 'dtb', dtb) })}
        {...controlProps(form, '/boot/dtb')}
      />
      <Field
        label="Kernel command line"
        mono
        value={boot.cmdline}
        onChange={(cmdline) => form.change({ boot: { ...boot, cmdline } })}
        {...controlProps(form, '/boot/cmdline')}
      />
    </>
  );
}
