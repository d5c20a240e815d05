// The picture of a VM: what it came from, or that it is damaged.
import {
  CircuitBoard,
  Disc3,
  FileWarning,
  FlaskConical,
  HardDrive,
  type LucideIcon,
  Package,
  SquareTerminal,
} from 'lucide-react';
import type { VmDefinition } from '../../src-main/contract/definition.ts';
import { cx } from './cx.ts';
import styles from './vm-glyph.module.css';

const glyphs: Record<VmDefinition['origin'], LucideIcon> = {
  sample: FlaskConical,
  kernel: SquareTerminal,
  firmware: CircuitBoard,
  iso: Disc3,
  disk: HardDrive,
  catalogue: Package,
};

interface VmGlyphProps {
  definition: VmDefinition | null;
  size?: 'm' | 'l';
}

export function VmGlyph({ definition, size = 'm' }: VmGlyphProps) {
  const Icon = definition ? glyphs[definition.origin] : FileWarning;
  return (
    <span aria-hidden className={cx(styles.glyph, styles[size])}>
      <Icon />
    </span>
  );
}
