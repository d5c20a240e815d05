// Searches the scrollback: next, previous, case, and how many there are.
import type { ISearchOptions, SearchAddon } from '@xterm/addon-search';
import { CaseSensitive, ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { ToggleButton } from 'react-aria-components';
import { IconButton } from '../../components/button.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import styles from './search-bar.module.css';

interface SearchBarProps {
  search: SearchAddon;
  dark: boolean;
  onClose: () => void;
}

/** xterm.js wants #RRGGBB here. */
const decorations = {
  dark: {
    matchBackground: '#5a4410',
    activeMatchBackground: '#c98a1b',
    matchOverviewRuler: '#c98a1b',
    activeMatchColorOverviewRuler: '#ffc45e',
  },
  light: {
    matchBackground: '#ffe6a8',
    activeMatchBackground: '#ffb938',
    matchOverviewRuler: '#d79a1e',
    activeMatchColorOverviewRuler: '#8a5a00',
  },
} as const;

export function SearchBar({ search, dark, onClose }: SearchBarProps) {
  const [query, setQuery] = useState('');
  const [caseSensitive, setCaseSensitive] = useState(false);
  const [results, setResults] = useState({ index: -1, count: 0 });
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const listening = search.onDidChangeResults(({ resultIndex, resultCount }) =>
      setResults({ index: resultIndex, count: resultCount }),
    );
    input.current?.focus();
    return () => {
      listening.dispose();
      search.clearDecorations();
    };
  }, [search]);

  const options = (incremental: boolean): ISearchOptions => ({
    caseSensitive,
    incremental,
    decorations: decorations[dark ? 'dark' : 'light'],
  });

  useEffect(() => {
    if (query === '') {
      search.clearDecorations();
      setResults({ index: -1, count: 0 });
      return;
    }
    search.findPrevious(query, {
      caseSensitive,
      incremental: true,
      decorations: decorations[dark ? 'dark' : 'light'],
    });
  }, [query, caseSensitive, dark, search]);

  const next = () => search.findNext(query, options(false));
  const previous = () => search.findPrevious(query, options(false));

  return (
    <search
      className={styles.bar}
      onKeyDownCapture={(event) => {
        // Before the field takes it to empty itself.
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') (event.shiftKey ? next : previous)();
      }}
    >
      <SearchField
        label="Search the console"
        placeholder="Search"
        value={query}
        onChange={setQuery}
        inputRef={input}
      />
      <span className={styles.count} aria-live="polite">
        {query === '' ? '' : resultWords(results)}
      </span>
      <Tooltip text="Match case">
        <ToggleButton
          className={styles.toggle ?? ''}
          aria-label="Match case"
          isSelected={caseSensitive}
          onChange={setCaseSensitive}
        >
          <CaseSensitive aria-hidden className={styles.icon} />
        </ToggleButton>
      </Tooltip>
      <IconButton size="s" icon={ChevronUp} label="Previous match" shortcut="Enter" onPress={previous} />
      <IconButton size="s" icon={ChevronDown} label="Next match" shortcut="Shift+Enter" onPress={next} />
      <IconButton size="s" icon={X} label="Close search" shortcut="Esc" onPress={onClose} />
    </search>
  );
}

function resultWords({ index, count }: { index: number; count: number }): string {
  if (count === 0) return 'Not found';
  return index === -1 ? `${count} or more` : `${index + 1} of ${count}`;
}
