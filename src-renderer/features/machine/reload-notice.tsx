// Says that what was loaded at the start is another file by now, and loads it at a click.
import type { ReactNode } from 'react';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { Button } from '../../components/button.tsx';
import { count } from '../../components/format.ts';
import { Notice } from '../../components/notice.tsx';
import { beginAction, usePendingAction } from '../../stores/vm-actions.ts';
import { fileName } from './definition-words.ts';

export function ReloadNotice({ vm }: { vm: VmView }): ReactNode {
  const pending = usePendingAction(vm.id);
  const files = vm.run?.changedFiles ?? [];
  const [first] = files;
  if (first === undefined) return null;
  const what = files.length === 1 ? fileName(first) : count(files.length, 'boot file');
  return (
    <Notice
      tone="info"
      title={`${what} changed on disk after the start.`}
      actions={
        <Button size="s" busy={pending === 'reload'} onPress={() => beginAction(vm, 'reload')}>
          Reload and reset
        </Button>
      }
    >
      <p>
        QEMU keeps what it loaded then; a reset alone starts that again.
        {files.length > 1 ? ` Changed: ${files.map(fileName).join(', ')}.` : ''}
      </p>
    </Notice>
  );
}
