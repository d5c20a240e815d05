// The order in which the firmware tries the disks, moved up and down.
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { type RefObject, useEffect, useRef } from 'react';
import { Button, IconButton } from '../../../components/button.tsx';
import type { DefinitionForm } from '../../../components/definition/form.ts';
import { moveInOrder, setTried, triedDisks } from './boot-order.ts';
import styles from './disks.module.css';

/** One disk alone has no order: it says itself whether it is tried. */
export function needsOrder({ definition }: DefinitionForm): boolean {
  return definition.disks.length > 1;
}

export function BootOrderFields({ form }: { form: DefinitionForm }) {
  const { disks } = form.definition;
  const tried = triedDisks(disks);
  const untried = disks.filter(({ bootIndex }) => bootIndex === undefined);
  const list = useRef<HTMLOListElement>(null);
  const follow = useFocusOnMoved(list);
  const move = (index: number, by: 1 | -1) => {
    const disk = tried[index];
    if (disk === undefined) return;
    follow({ index: index + by, by });
    form.change({ disks: moveInOrder(disks, disk.id, by) });
  };
  return (
    <section aria-labelledby="boot-order" className={styles.order}>
      <h3 id="boot-order" className={styles.orderTitle}>
        Boot order
      </h3>
      {tried.length === 0 ? <p className={styles.hint}>No disk is tried.</p> : null}
      <ol ref={list} className={styles.orderList}>
        {tried.map(({ id }, index) => (
          <li key={id} className={styles.orderRow}>
            <span className={styles.orderNumber}>{index + 1}</span>
            <span className={styles.orderName}>{id}</span>
            <IconButton
              size="s"
              icon={ArrowUp}
              label={`Try ${id} earlier`}
              isDisabled={form.disabled || index === 0}
              onPress={() => move(index, -1)}
            />
            <IconButton
              size="s"
              icon={ArrowDown}
              label={`Try ${id} later`}
              isDisabled={form.disabled || index === tried.length - 1}
              onPress={() => move(index, 1)}
            />
            <IconButton
              size="s"
              icon={X}
              label={`Do not try ${id}`}
              isDisabled={form.disabled}
              onPress={() => form.change({ disks: setTried(disks, id, false) })}
            />
          </li>
        ))}
      </ol>
      {untried.length > 0 ? (
        <div className={styles.row}>
          {untried.map(({ id }) => (
            <Button
              key={id}
              size="s"
              icon={Plus}
              isDisabled={form.disabled}
              onPress={() => form.change({ disks: setTried(disks, id, true) })}
            >
              Try {id}
            </Button>
          ))}
        </div>
      ) : null}
    </section>
  );
}

interface Move {
  /** Where the disk is now. */
  index: number;
  by: 1 | -1;
}

/** A row that moves loses the focus, and at an end its button is disabled: then the other way is next. */
function useFocusOnMoved(list: RefObject<HTMLOListElement | null>): (move: Move) => void {
  const moved = useRef<Move | null>(null);
  useEffect(() => {
    const { current: move } = moved;
    if (move === null) return;
    moved.current = null;
    const [up, down] = list.current?.children[move.index]?.querySelectorAll('button') ?? [];
    const [same, other] = move.by < 0 ? [up, down] : [down, up];
    (same?.disabled ? other : same)?.focus();
  });
  return (move) => {
    moved.current = move;
  };
}
