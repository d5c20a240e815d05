// Tabs over panels; the chosen one is the caller's to keep, since a route names it.
import type { ReactNode } from 'react';
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './tabs.module.css';

export interface TabItem<Id extends string> {
  id: Id;
  label: string;
  /** After the label: a count, a dot. */
  mark?: ReactNode;
  panel: ReactNode;
  /** The panel fills the height and scrolls by itself, such as a console. */
  fill?: boolean | undefined;
}

interface TabsProps<Id extends string> {
  label: string;
  value: Id;
  onChange: (value: Id) => void;
  items: readonly TabItem<Id>[];
}

export function Tabs<Id extends string>({ label, value, onChange, items }: TabsProps<Id>) {
  return (
    <AriaTabs
      className={cx(styles.tabs)}
      selectedKey={value}
      onSelectionChange={(key) => {
        const item = items.find((candidate) => candidate.id === key);
        if (item) onChange(item.id);
      }}
      // Opening a tab asks the main side for things: arrow keys only move, Enter or Space opens.
      keyboardActivation="manual"
    >
      <TabList aria-label={label} className={cx(styles.list)}>
        {items.map((item) => (
          <Tab key={item.id} id={item.id} className={cx(styles.tab)}>
            {item.label}
            {item.mark}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className={cx(styles.panel, item.fill && styles.fill)}>
          {item.panel}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
