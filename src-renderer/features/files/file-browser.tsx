// Chooses a file of the computer that runs the machines, within the folders that it allows.
import { CornerLeftUp, File, Folder } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { GridList, GridListItem } from 'react-aria-components';
import type { FileEntry, FileListing } from '../../../src-main/contract/host.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { formatBytes } from '../../components/format.ts';
import { FaultNotice } from '../../components/notice.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { Select } from '../../components/select.tsx';
import { browseEntries, folderOf } from './browse.ts';
import styles from './file-browser.module.css';
import { useListing } from './use-listing.ts';

interface FileBrowserProps {
  title: string;
  extensions: readonly string[];
  /** The path in the field: its folder is opened, when it can be. */
  startAt: string;
  onPick: (path: string) => void;
  onClose: () => void;
}

export function FileBrowser({ title, extensions, startAt, onPick, onClose }: FileBrowserProps) {
  const [path, setPath] = useState(folderOf(startAt));
  const [query, setQuery] = useState('');
  const [allFiles, setAllFiles] = useState(extensions.length === 0);
  const [hidden, setHidden] = useState(false);
  const { listing, fault, busy } = useListing(path);
  // A typed path may lie outside of what is allowed: then the first root is shown instead.
  const lost = fault !== null && listing === null && path !== null;
  useEffect(() => {
    if (lost) setPath(null);
  }, [lost]);

  const enter = (folder: string) => {
    setPath(folder);
    setQuery('');
  };
  const entries = browseEntries(listing?.entries ?? [], {
    query,
    extensions: allFiles ? [] : extensions,
    hidden,
  });
  const open = (entry: FileEntry | undefined) => {
    if (entry?.kind === 'directory') enter(entry.path);
    else if (entry) onPick(entry.path);
  };

  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      size="m"
      actions={
        <>
          <div className={styles.filters}>
            {extensions.length > 0 ? (
              <Checkbox value={allFiles} onChange={setAllFiles}>
                All files
              </Checkbox>
            ) : null}
            <Checkbox value={hidden} onChange={setHidden}>
              Hidden files
            </Checkbox>
          </div>
          <Button onPress={onClose}>Cancel</Button>
        </>
      }
    >
      {listing ? <Place listing={listing} onEnter={enter} /> : null}
      <div className={styles.find}>
        <SearchField
          label="Find in this folder"
          placeholder="Find in this folder"
          value={query}
          onChange={setQuery}
        />
      </div>
      {fault && !lost ? <FaultNotice fault={fault} /> : null}
      <EntryList key={listing?.path} entries={entries} busy={busy} onOpen={open} />
      {listing?.truncated ? (
        <p className={styles.hint}>This folder has more than is shown; find narrows what is listed only.</p>
      ) : null}
    </Dialog>
  );
}

function Place({ listing, onEnter }: { listing: FileListing; onEnter: (path: string) => void }) {
  const { roots, parent, path } = listing;
  const root = roots
    .filter((candidate) => isWithin(path, candidate.path))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
  return (
    <div className={styles.place}>
      <IconButton
        icon={CornerLeftUp}
        label="Up one folder"
        variant="secondary"
        isDisabled={parent === null}
        onPress={() => {
          if (parent !== null) onEnter(parent);
        }}
      />
      {roots.length > 1 ? (
        <div className={styles.roots}>
          <Select
            label="Place"
            hideLabel
            value={root?.path ?? null}
            onChange={onEnter}
            options={roots.map((candidate) => ({
              id: candidate.path,
              label: candidate.label,
              note: candidate.path,
            }))}
          />
        </div>
      ) : null}
      <code className={styles.path}>{path}</code>
    </div>
  );
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`);
}

interface EntryListProps {
  entries: readonly FileEntry[];
  busy: boolean;
  onOpen: (entry: FileEntry | undefined) => void;
}

function EntryList({ entries, busy, onOpen }: EntryListProps) {
  const list = useRef<HTMLDivElement>(null);
  return (
    <GridList
      ref={list}
      aria-label="Files"
      aria-busy={busy}
      className={styles.list ?? ''}
      items={entries}
      onAction={(key) => onOpen(entries.find((entry) => entry.path === key))}
      renderEmptyState={() => <p className={styles.empty}>{busy ? 'Reading…' : 'Nothing here to choose.'}</p>}
    >
      {(entry) => (
        <GridListItem id={entry.path} textValue={entry.name} className={styles.entry ?? ''}>
          {entry.kind === 'directory' ? (
            <Folder aria-hidden className={styles.folder} />
          ) : (
            <File aria-hidden className={styles.file} />
          )}
          <span className={styles.name}>{entry.name}</span>
          <span className={styles.size}>{entry.kind === 'file' ? formatBytes(entry.sizeBytes) : ''}</span>
          <time className={styles.date} dateTime={entry.modifiedAt}>
            {new Date(entry.modifiedAt).toLocaleDateString()}
          </time>
        </GridListItem>
      )}
    </GridList>
  );
}
