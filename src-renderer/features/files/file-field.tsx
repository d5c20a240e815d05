// A path with every way to give it that this host has: typed, chosen, dropped; and what the file is, in words.
import { CircleAlert, CircleCheck, FolderOpen, type LucideIcon, TriangleAlert, Upload } from 'lucide-react';
import { type DragEvent, useEffect, useId, useRef, useState } from 'react';
import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { Field } from '../../components/field.tsx';
import { formatBytes } from '../../components/format.ts';
import { FaultNotice } from '../../components/notice.tsx';
import { Progress } from '../../components/progress.tsx';
import { showToast } from '../../components/toasts.ts';
import type { FileFieldProps, FilePurpose } from '../../slots.ts';
import { useHost } from '../../stores/host.ts';
import { describeFile, type FileDescription } from './describe.ts';
import { purposeWords } from './extensions.ts';
import { FileBrowser } from './file-browser.tsx';
import styles from './file-field.module.css';
import { timeWords, type Uploader, useUpload } from './upload.ts';
import { type FileInspection, useFileFact } from './use-file-fact.ts';

export function FileField({ value, onChange, purpose, onFact, ...props }: FileFieldProps) {
  const capabilities = useHost().info?.capabilities;
  const [browsing, setBrowsing] = useState(false);
  const [dropping, setDropping] = useState(false);
  const upload = useUpload(onChange);
  const inspection = useFileFact(value);
  useReport(inspection, onFact);
  const disabled = (props.disabled ?? false) || upload.running !== null;

  const choose = async () => {
    if (!capabilities?.nativeFileDialog) {
      setBrowsing(true);
      return;
    }
    try {
      const { title, extensions } = purposeWords[purpose];
      const { path } = await client.host.chooseFile({ title, extensions: [...extensions] });
      if (path !== null) onChange(path);
    } catch (error) {
      showToast({ kind: 'fault', fault: faultOf(error) });
    }
  };
  const drop = (event: DragEvent) => {
    const [file] = event.dataTransfer.files;
    setDropping(false);
    if (file === undefined || disabled) return;
    event.preventDefault();
    upload.start(file);
  };
  const droppable = capabilities?.upload === true && !disabled;

  return (
    <div
      className={cx(styles.field, dropping && styles.dropping)}
      {...(droppable
        ? {
            onDragOver: (event: DragEvent) => {
              event.preventDefault();
              setDropping(true);
            },
            onDragLeave: () => setDropping(false),
            onDrop: drop,
          }
        : {})}
    >
      <Field
        label={props.label}
        value={value}
        onChange={(path) => onChange(path.trim())}
        mono
        disabled={disabled}
        description={props.description}
        placeholder={
          props.placeholder ?? (droppable ? 'Type a path, or drop a file here' : 'Path of the file')
        }
        error={props.error}
        problems={props.problems}
        onFix={props.onFix}
        trailing={
          <>
            <Button icon={FolderOpen} isDisabled={disabled} onPress={choose}>
              Browse…
            </Button>
            {capabilities?.upload ? (
              <UploadButton label={props.label} disabled={disabled} onFile={upload.start} />
            ) : null}
          </>
        }
      />
      <UploadNotes upload={upload} />
      <Verdict verdict={verdictOf(inspection, purpose)} looking={inspection.status === 'looking'} />
      {browsing ? (
        <FileBrowser
          title={purposeWords[purpose].title}
          extensions={purposeWords[purpose].extensions}
          startAt={value}
          onPick={(path) => {
            setBrowsing(false);
            onChange(path);
          }}
          onClose={() => setBrowsing(false)}
        />
      ) : null}
    </div>
  );
}

function useReport(inspection: FileInspection, onFact: FileFieldProps['onFact']): void {
  const latest = useRef(onFact);
  latest.current = onFact;
  useEffect(() => {
    latest.current?.(inspection.status === 'known' ? inspection.fact : null);
  }, [inspection]);
}

interface UploadButtonProps {
  label: string;
  disabled: boolean;
  onFile: (file: File) => void;
}

function UploadButton({ label, disabled, onFile }: UploadButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  return (
    <>
      <Button icon={Upload} isDisabled={disabled} onPress={() => input.current?.click()}>
        Upload…
      </Button>
      <input
        ref={input}
        id={id}
        type="file"
        hidden
        aria-label={`Upload a file: ${label}`}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file) onFile(file);
          // The same file can be chosen again.
          event.target.value = '';
        }}
      />
    </>
  );
}

function UploadNotes({ upload: { running, fault, cancel } }: { upload: Uploader }) {
  if (running !== null) {
    const done = `${formatBytes(running.part * running.sizeBytes)} of ${formatBytes(running.sizeBytes)}`;
    const left = running.secondsLeft === null ? '' : `, ${timeWords(running.secondsLeft)} left`;
    return (
      <div className={styles.upload}>
        <Progress label={`Uploading “${running.fileName}”`} part={running.part} note={`${done}${left}`} />
        <Button size="s" onPress={cancel}>
          Cancel
        </Button>
      </div>
    );
  }
  return fault === null ? null : <FaultNotice fault={fault} />;
}

const marks: Record<FileDescription['tone'], LucideIcon> = {
  good: CircleCheck,
  doubt: TriangleAlert,
  bad: CircleAlert,
};

interface VerdictProps {
  verdict: FileDescription | null;
  looking: boolean;
}

function Verdict({ verdict, looking }: VerdictProps) {
  const Mark = verdict === null ? null : marks[verdict.tone];
  return (
    <p
      className={cx(styles.verdict, verdict && styles[verdict.tone])}
      aria-live="polite"
      data-verdict={verdict?.tone}
    >
      {Mark === null ? null : <Mark aria-hidden className={styles.mark} />}
      {verdict?.words ?? (looking ? 'Looking at the file…' : '')}
    </p>
  );
}

function verdictOf(inspection: FileInspection, purpose: FilePurpose): FileDescription | null {
  switch (inspection.status) {
    case 'none':
    case 'looking':
      return null;
    case 'known':
      return describeFile(inspection.fact, purpose);
    case 'failed':
      return { tone: 'bad', words: `${inspection.fault.message} ${inspection.fault.remedy}` };
  }
}
