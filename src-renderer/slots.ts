// What one feature shows of another: features never import each other, the app hands these in.
import { type ComponentType, createContext, useContext } from 'react';
import type { BoardCard } from '../src-main/contract/board.ts';
import type { FileFact } from '../src-main/contract/image.ts';
import type { Fix, Problem } from '../src-main/contract/problem.ts';
import type { VmView } from '../src-main/contract/vm.ts';

/** What a file is wanted for: decides how it is described and what is objected to. */
export type FilePurpose = 'kernel' | 'initrd' | 'device-tree' | 'firmware' | 'iso' | 'disk' | 'any';

/** A path on the computer that runs the VMs, with the way to choose one that this computer has. */
export interface FileFieldProps {
  label: string;
  /** The path; empty while none is chosen. */
  value: string;
  onChange: (path: string) => void;
  /** What it is to be used as: checked by its header, and said beside the field. */
  purpose: FilePurpose;
  /** Told what was found out about the file; null while nothing is known of the path as it stands. */
  onFact?: ((fact: FileFact | null) => void) | undefined;
  description?: string | undefined;
  placeholder?: string | undefined;
  disabled?: boolean | undefined;
  error?: string | undefined;
  problems?: readonly Problem[] | undefined;
  onFix?: ((fix: Fix) => void) | undefined;
}

export interface BoardPickerProps {
  boards: readonly BoardCard[];
  /** QEMU machine type, as the definition has it: `virt-10.0`. */
  machine: string;
  /** Given the `machine` of the card that was chosen. */
  onChange: (machine: string) => void;
  disabled?: boolean | undefined;
}

export interface ConsoleProps {
  vmId: string;
  /** `uart0`, … */
  console: string;
}

export interface ConsolePictureProps {
  /** What the guest sent (base64). */
  output: string;
  label: string;
}

export interface SnapshotsTabProps {
  vm: VmView;
}

export interface Slots {
  FileField: ComponentType<FileFieldProps>;
  BoardPicker: ComponentType<BoardPickerProps>;
  /** The live terminal, filling its parent. */
  ConsoleView: ComponentType<ConsoleProps>;
  /** The last screen of text, small and not for typing. */
  ConsolePreview: ComponentType<ConsoleProps>;
  /** A screen of text as it was at some moment. */
  ConsolePicture: ComponentType<ConsolePictureProps>;
  /** The tree of a machine's snapshots, filling its parent. */
  SnapshotsTab: ComponentType<SnapshotsTabProps>;
}

const SlotsContext = createContext<Slots | null>(null);

export const SlotsProvider = SlotsContext.Provider;

export function useSlots(): Slots {
  const slots = useContext(SlotsContext);
  if (!slots) throw new Error('The app hands in slots; this part is rendered outside of it.');
  return slots;
}
