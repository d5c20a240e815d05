// What each kind of source asks for.
import { useState } from 'react';
import type { FileFact } from '../../../src-main/contract/image.ts';
import { ChoiceList } from '../../components/choice-list.tsx';
import { copyOnly, formatFor } from '../../components/definition/disks.ts';
import { problemsAt } from '../../components/definition/findings.ts';
import { Field } from '../../components/field.tsx';
import { useSlots } from '../../slots.ts';
import type { FirmwareRoute, SourceKind } from './source.ts';
import styles from './source-form.module.css';
import type { WizardModel } from './use-wizard.ts';

export function SourceForm({ model, kind }: { model: WizardModel; kind: SourceKind }) {
  switch (kind) {
    case 'sample':
      return null;
    case 'kernel':
      return <KernelForm model={model} />;
    case 'firmware':
      return <FirmwareForm model={model} />;
    case 'iso':
      return <IsoForm model={model} />;
    case 'disk':
      return <DiskForm model={model} />;
  }
}

interface FormProps {
  model: WizardModel;
}

function KernelForm({ model }: FormProps) {
  const { FileField } = useSlots();
  const { state, check, dispatch } = model;
  const draft = state.drafts.kernel;
  const set = (change: Partial<typeof draft>) => dispatch({ type: 'draft', kind: 'kernel', change });
  const boot = state.request?.definition.boot;
  const suggested = boot?.kind === 'kernel' ? boot.cmdline : '';
  const at = (...fields: string[]) => problemsAt(check.problems, ...fields.map((field) => `/boot/${field}`));
  return (
    <div className={styles.form}>
      <FileField
        label="Kernel"
        purpose="kernel"
        description="An arm64 Image, a 32-bit zImage or an ELF, not packed with xz or zstd."
        value={draft.kernel}
        onChange={(kernel) => set({ kernel })}
        problems={[...check.problems.filter((problem) => problem.field === '/boot'), ...at('kernel', 'kind')]}
        onFix={model.form?.fix}
      />
      <FileField
        label="Initial RAM disk (optional)"
        purpose="initrd"
        value={draft.initrd}
        onChange={(initrd) => set({ initrd })}
        problems={at('initrd')}
        onFix={model.form?.fix}
      />
      <FileField
        label="Device tree (optional)"
        purpose="device-tree"
        description="Left out: the board makes its own, where it can."
        value={draft.dtb}
        onChange={(dtb) => set({ dtb })}
        problems={at('dtb')}
        onFix={model.form?.fix}
      />
      <Field
        label="Kernel command line"
        mono
        value={draft.cmdline ?? suggested}
        onChange={(cmdline) => set({ cmdline })}
        description={draft.cmdline === null ? model.form?.reason('/boot/cmdline') : undefined}
        problems={at('cmdline')}
        onFix={model.form?.fix}
      />
    </div>
  );
}

const routes = [
  {
    id: 'bios',
    label: 'Firmware image',
    note: 'Placed where the CPU starts: U-Boot, QEMU_EFI.fd (-bios).',
  },
  { id: 'pflash', label: 'Parallel flash', note: 'Firmware as the board’s flash chip holds it (pflash).' },
  {
    id: 'elf',
    label: 'ELF program',
    note: 'Loaded by its program headers, started at its entry (-kernel).',
  },
  {
    id: 'loader',
    label: 'Raw at an address',
    note: 'Any binary, loaded where you say and started there (-device loader).',
  },
] as const satisfies readonly { id: FirmwareRoute; label: string; note: string }[];

function FirmwareForm({ model }: FormProps) {
  const { FileField } = useSlots();
  const { state, check, dispatch } = model;
  const draft = state.drafts.firmware;
  const set = (change: Partial<typeof draft>) => dispatch({ type: 'draft', kind: 'firmware', change });
  return (
    <div className={styles.form}>
      <ChoiceList
        label="How it gets into the machine"
        value={draft.how}
        onChange={(how) => set({ how })}
        choices={routes}
      />
      <FileField
        label="File"
        purpose="firmware"
        value={draft.file}
        onChange={(file) => set({ file })}
        problems={problemsAt(check.problems, '/boot', '/loaders')}
        onFix={model.form?.fix}
      />
      {draft.how === 'loader' ? (
        <Field
          label="Address"
          mono
          placeholder="0x40000000"
          description="The guest’s physical address. On virt, RAM begins at 0x40000000. Leave it empty for an ELF."
          value={draft.address}
          onChange={(address) => set({ address: address.trim() })}
        />
      ) : null}
    </div>
  );
}

function IsoForm({ model }: FormProps) {
  const { FileField } = useSlots();
  const { state, check, dispatch } = model;
  const cdrom = state.request?.definition.disks.findIndex((disk) => disk.media === 'cdrom') ?? -1;
  return (
    <div className={styles.form}>
      <FileField
        label="Installer image"
        purpose="iso"
        description="It must be for arm64 (aarch64). The size of the new disk is on the Storage page."
        value={state.drafts.iso.iso}
        onChange={(iso) => dispatch({ type: 'draft', kind: 'iso', change: { iso } })}
        problems={problemsAt(check.problems, '/boot', ...(cdrom === -1 ? [] : [`/disks/${cdrom}`]))}
        onFix={model.form?.fix}
      />
    </div>
  );
}

function DiskForm({ model }: FormProps) {
  const { FileField } = useSlots();
  const { state, check, dispatch } = model;
  const draft = state.drafts.disk;
  const [fact, setFact] = useState<FileFact | null>(null);
  const set = (change: Partial<typeof draft>) => dispatch({ type: 'draft', kind: 'disk', change });
  const onlyCopied = copyOnly(fact);
  const unsure = fact?.kind === 'file' && fact.disk !== undefined && formatFor(fact) === null;
  return (
    <div className={styles.form}>
      <FileField
        label="Disk image"
        purpose="disk"
        value={draft.image}
        onChange={(image) => set({ image, format: null })}
        description="qcow2, raw, vmdk, vdi or vhdx; also packed as .xz, .zst or .gz."
        onFact={(found) => {
          setFact(found);
          if (copyOnly(found) !== null) set({ use: 'copy', format: null });
        }}
        problems={problemsAt(check.problems, '/boot', '/disks/0')}
        onFix={model.form?.fix}
      />
      {unsure || draft.format !== null ? (
        <ChoiceList
          label="Format of the image"
          description="Its first bytes do not settle it, and guessing wrong can damage it."
          value={draft.format}
          onChange={(format) => set({ format })}
          choices={[
            { id: 'raw', label: 'Raw', note: 'Byte for byte what the guest sees.' },
            { id: 'qcow2', label: 'qcow2', note: 'QEMU’s own format.' },
          ]}
        />
      ) : null}
      <ChoiceList
        label="What happens to it"
        value={draft.use}
        onChange={(use) => set({ use })}
        choices={[
          {
            id: 'copy',
            label: 'Copy it into the library',
            note: 'The original stays as it is; the machine writes to the copy.',
          },
          {
            id: 'in-place',
            label: 'Use it where it is',
            note: onlyCopied ?? 'No extra space, but the guest writes to your file.',
            disabled: onlyCopied !== null,
          },
        ]}
      />
    </div>
  );
}
