// All boards of the QEMU in use, in families, to search and to choose from.
import { useState } from 'react';
import { RadioGroup } from 'react-aria-components';
import type { BoardCard } from '../../../src-main/contract/board.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { BoardCardView } from './board-card-view.tsx';
import styles from './board-dialog.module.css';
import { byFamily, searchBoards } from './board-search.ts';

interface BoardDialogProps {
  boards: readonly BoardCard[];
  current: BoardCard | undefined;
  onPick: (board: BoardCard) => void;
  onClose: () => void;
}

export function BoardDialog({ boards, current, onPick, onClose }: BoardDialogProps) {
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(current?.name ?? null);
  const found = searchBoards(boards, query);
  const picked = boards.find((board) => board.name === chosen);
  return (
    <Dialog
      title="Choose a board"
      isOpen
      onClose={onClose}
      size="l"
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isDisabled={picked === undefined}
            onPress={() => {
              if (picked) onPick(picked);
            }}
          >
            {picked ? `Use ${picked.name}` : 'Use it'}
          </Button>
        </>
      }
    >
      <div className={styles.head}>
        <SearchField
          label="Search boards"
          placeholder="Name, chip, CPU, UART…"
          value={query}
          onChange={setQuery}
          autoFocus
        />
        <span className={styles.count} role="status">
          {found.length === boards.length ? `${boards.length} boards` : `${found.length} of ${boards.length}`}
        </span>
      </div>
      <RadioGroup aria-label="Boards" className={styles.families ?? ''} value={chosen} onChange={setChosen}>
        {byFamily(found).map((family) => (
          <section key={family.name} className={styles.family}>
            <h3 className={styles.familyName}>{family.name}</h3>
            <div className={styles.cards}>
              {family.boards.map((board) => (
                <BoardCardView key={board.name} board={board} />
              ))}
            </div>
          </section>
        ))}
      </RadioGroup>
      {found.length === 0 ? <p className={styles.none}>No board of this QEMU matches “{query}”.</p> : null}
    </Dialog>
  );
}
