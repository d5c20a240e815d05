// The board of a machine: which one it is, and the way to another one.
import { CircuitBoard } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { boardOf } from '../../components/definition/board-of.ts';
import type { BoardPickerProps } from '../../slots.ts';
import { BoardDialog } from './board-dialog.tsx';
import styles from './board-picker.module.css';
import { profileWords } from './board-search.ts';

export function BoardPicker({ boards, machine, onChange, disabled }: BoardPickerProps) {
  const [open, setOpen] = useState(false);
  const board = boardOf(boards, machine);
  return (
    <section className={styles.picker} aria-label="Board" data-board={board?.name}>
      <CircuitBoard aria-hidden className={styles.glyph} />
      <div className={styles.words}>
        <p className={styles.title}>
          <span>{board?.title ?? machine}</span>
          <code className={styles.machine}>{machine}</code>
          {board?.profiles.map((profile) => (
            <Badge key={profile}>{profileWords[profile]}</Badge>
          ))}
        </p>
        <p className={styles.summary}>
          {board?.summary ?? 'The QEMU in use does not have this board, or Armoire does not know it.'}
        </p>
      </div>
      <Button isDisabled={disabled === true} onPress={() => setOpen(true)}>
        Change board…
      </Button>
      {open ? (
        <BoardDialog
          boards={boards}
          current={board}
          onPick={(picked) => {
            setOpen(false);
            if (picked.machine !== machine) onChange(picked.machine);
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </section>
  );
}
