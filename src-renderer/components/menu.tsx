// Menus: behind a button, or where the pointer is.
import type { LucideIcon } from 'lucide-react';
import { Fragment, useRef } from 'react';
import {
  Menu as AriaMenu,
  Keyboard,
  MenuItem,
  MenuTrigger,
  Popover,
  Separator,
  Text,
} from 'react-aria-components';
import { IconButton, type IconButtonProps } from './button.tsx';
import { cx } from './cx.ts';
import { defined } from './defined.ts';
import styles from './menu.module.css';

export interface MenuEntry {
  id: string;
  label: string;
  icon?: LucideIcon | undefined;
  shortcut?: string | undefined;
  danger?: boolean | undefined;
  disabled?: boolean | undefined;
  /** A line above it. */
  separated?: boolean | undefined;
  onAction: () => void;
}

interface MenuListProps {
  label: string;
  entries: readonly MenuEntry[];
  onClose?: (() => void) | undefined;
}

function MenuList({ label, entries, onClose }: MenuListProps) {
  return (
    <AriaMenu
      aria-label={label}
      className={cx(styles.menu)}
      autoFocus="first"
      disabledKeys={entries.filter((entry) => entry.disabled).map((entry) => entry.id)}
      onAction={(key) => entries.find((entry) => entry.id === key)?.onAction()}
      {...defined({ onClose })}
    >
      {entries.map(({ id, label: words, icon: Icon, shortcut, danger, separated }) => (
        <Fragment key={id}>
          {separated ? <Separator className={cx(styles.separator)} /> : null}
          <MenuItem id={id} textValue={words} className={cx(styles.item, danger && styles.danger)}>
            {Icon ? <Icon aria-hidden className={styles.icon} /> : <span className={styles.icon} />}
            <Text slot="label" className={cx(styles.words)}>
              {words}
            </Text>
            {shortcut ? <Keyboard className={styles.shortcut}>{shortcut}</Keyboard> : null}
          </MenuItem>
        </Fragment>
      ))}
    </AriaMenu>
  );
}

interface MenuButtonProps extends Omit<IconButtonProps, 'onPress'> {
  entries: readonly MenuEntry[];
}

export function MenuButton({ entries, ...button }: MenuButtonProps) {
  return (
    <MenuTrigger>
      <IconButton {...button} />
      <Popover className={cx(styles.popover)} placement="bottom end" offset={4}>
        <MenuList label={button.label} entries={entries} />
      </Popover>
    </MenuTrigger>
  );
}

interface ContextMenuProps {
  label: string;
  entries: readonly MenuEntry[];
  /** Viewport coordinates; null: closed. */
  at: { x: number; y: number } | null;
  onClose: () => void;
}

export function ContextMenu({ label, entries, at, onClose }: ContextMenuProps) {
  const anchor = useRef<HTMLSpanElement>(null);
  return (
    <>
      <span
        ref={anchor}
        aria-hidden
        className={styles.anchor}
        style={{ left: at?.x ?? 0, top: at?.y ?? 0 }}
      />
      <Popover
        aria-label={label}
        className={cx(styles.popover)}
        triggerRef={anchor}
        isOpen={at !== null}
        onOpenChange={(open) => {
          if (!open) onClose();
        }}
        placement="bottom start"
        offset={0}
      >
        <MenuList label={label} entries={entries} onClose={onClose} />
      </Popover>
    </>
  );
}
