// The library: every VM of this computer, to find, to open and to add to.
import { Plus, SearchX, Settings as SettingsIcon } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { Button, IconButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { count } from '../../components/format.ts';
import { JobStrips } from '../../components/job-strip.tsx';
import { Mark } from '../../components/mark.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { matchesQuery, sortVms } from '../../components/vm-words.ts';
import { navigate } from '../../routes.ts';
import { setSearch, useView } from '../../stores/view.ts';
import { useVms } from '../../stores/vms.ts';
import { isFindKey } from './find-key.ts';
import { HostLine } from './host-line.tsx';
import styles from './library.module.css';
import { VmList } from './vm-list.tsx';

interface LibraryProps {
  /** The VM that the page shows. */
  current: string | undefined;
}

export function Library({ current }: LibraryProps) {
  const { known, byId } = useVms();
  const { search } = useView();
  const searchInput = useRef<HTMLInputElement>(null);
  const all = useMemo(() => sortVms(byId.values()), [byId]);
  const shown = useMemo(() => all.filter((vm) => matchesQuery(vm, search)), [all, search]);
  const open = (id: string) => navigate({ page: 'vm', id, tab: 'overview' });

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isFindKey(event)) return;
      event.preventDefault();
      searchInput.current?.focus();
      searchInput.current?.select();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  return (
    <div className={styles.library}>
      <header className={styles.header}>
        <a href="#/" className={styles.brand}>
          <Mark />
          Armoire
        </a>
        <IconButton icon={SettingsIcon} label="Settings" onPress={() => navigate({ page: 'settings' })} />
        <Button icon={Plus} variant="primary" size="s" onPress={() => navigate({ page: 'new' })}>
          New
        </Button>
      </header>
      {all.length > 0 ? (
        <div className={styles.search}>
          <SearchField
            label="Search virtual machines"
            placeholder={`Search ${count(all.length, 'machine')}`}
            shortcut="/"
            value={search}
            onChange={setSearch}
            onSubmit={() => {
              const [first] = shown;
              if (first) open(first.id);
            }}
            inputRef={searchInput}
          />
        </div>
      ) : null}
      {shown.length > 0 ? (
        <VmList vms={shown} current={current} onOpen={open} />
      ) : (
        <div className={styles.nothing}>
          {known && all.length > 0 ? (
            <EmptyState
              icon={SearchX}
              title="Nothing found"
              actions={<Button onPress={() => setSearch('')}>Clear search</Button>}
            >
              No name, board, CPU, state or note matches “{search}”.
            </EmptyState>
          ) : null}
        </div>
      )}
      <div className={styles.jobs}>
        <JobStrips vm={null} narrow />
      </div>
      <HostLine />
    </div>
  );
}
