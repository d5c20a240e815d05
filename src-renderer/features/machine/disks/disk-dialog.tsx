// Which dialog each thing that can be done with a disk opens.
import type { Disk } from '../../../../src-main/contract/definition.ts';
import type { DiskUse } from '../../../../src-main/contract/disk.ts';
import type { VmView } from '../../../../src-main/contract/vm.ts';
import { CheckDiskDialog } from './check-disk-dialog.tsx';
import { CompactDiskDialog } from './compact-disk-dialog.tsx';
import { ConvertDiskDialog } from './convert-disk-dialog.tsx';
import type { DiskVerb } from './disk-menu.ts';
import { MediumDialog } from './medium-dialog.tsx';
import { RemoveDiskDialog } from './remove-disk-dialog.tsx';
import { ResizeDiskDialog } from './resize-disk-dialog.tsx';

export interface DiskDialogProps {
  vm: VmView;
  disk: Disk;
  /** Left out: not known. */
  use: DiskUse | undefined;
  onClose: () => void;
}

export function DiskDialog({ verb, ...props }: DiskDialogProps & { verb: DiskVerb }) {
  switch (verb) {
    case 'resize':
      return <ResizeDiskDialog {...props} />;
    case 'convert':
      return <ConvertDiskDialog {...props} />;
    case 'compact':
      return <CompactDiskDialog {...props} />;
    case 'check':
      return <CheckDiskDialog {...props} />;
    case 'medium':
      return <MediumDialog {...props} />;
    case 'remove':
      return <RemoveDiskDialog {...props} />;
  }
}
