// One board as a card: what it is, and its facts at a glance.
import { Radio } from 'react-aria-components';
import type { BoardCard } from '../../../src-main/contract/board.ts';
import { Badge } from '../../components/badge.tsx';
import { cx } from '../../components/cx.ts';
import styles from './board-card-view.module.css';
import { bootWords, cpuWords, memoryWords, uartWords } from './board-facts.ts';
import { profileWords } from './board-search.ts';

export function BoardCardView({ board }: { board: BoardCard }) {
  const facts = [
    { term: 'CPU', value: cpuWords(board) },
    { term: 'Memory', value: memoryWords(board.memory) },
    { term: 'UART', value: uartWords(board) },
    { term: 'Boots', value: bootWords(board) },
  ];
  return (
    <Radio
      value={board.name}
      className={cx(styles.card, board.recommended && styles.recommended)}
      data-board={board.name}
    >
      <span className={styles.top}>
        <span className={styles.title}>{board.title}</span>
        <code className={styles.name}>{board.name}</code>
        {board.recommended ? <Badge tone="accent">Recommended</Badge> : null}
        {board.deprecated === undefined ? null : <Badge tone="caution">Deprecated</Badge>}
        {board.profiles.map((profile) => (
          <Badge key={profile}>{profileWords[profile]}</Badge>
        ))}
      </span>
      <span className={styles.summary}>{board.summary}</span>
      <span className={styles.facts}>
        {facts.map(({ term, value }) => (
          <span key={term} className={styles.fact}>
            <span className={styles.term}>{term}</span> <span>{value}</span>
          </span>
        ))}
      </span>
      {board.deprecated === undefined ? null : <span className={styles.caution}>{board.deprecated}</span>}
      {board.needs.length === 0 ? null : (
        <span className={styles.caution}>You bring: {board.needs.join('; ')}</span>
      )}
    </Radio>
  );
}
