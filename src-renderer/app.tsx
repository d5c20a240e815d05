// Which screen is shown, and what each feature shows of another.
import { useEffect, useRef } from 'react';
import styles from './app.module.css';
import { ConnectionBanner } from './components/connection-banner.tsx';
import { StateAnnouncer } from './components/state-announcer.tsx';
import { ToastRegion } from './components/toast-region.tsx';
import { vmTitle } from './components/vm-words.ts';
import { Dialogs } from './features/library/dialogs.tsx';
import { Library } from './features/library/library.tsx';
import { NothingOpen } from './features/library/nothing-open.tsx';
import { formatRoute, type Route, useRoute } from './routes.ts';
import {
  BoardPicker,
  ConsolePicture,
  ConsolePreview,
  ConsoleView,
  ConsoleWindow,
  FileField,
  Machine,
  SettingsPage,
  SnapshotDialogs,
  SnapshotsTab,
  Wizard,
} from './screens.tsx';
import { type Slots, SlotsProvider } from './slots.ts';
import { useVms } from './stores/vms.ts';

const slots: Slots = {
  BoardPicker,
  ConsolePicture,
  ConsolePreview,
  ConsoleView,
  FileField,
  SnapshotsTab,
};

export function App() {
  const route = useRoute();
  useTitle(route);
  return (
    <SlotsProvider value={slots}>
      {route.page === 'console' ? <ConsoleScreen route={route} /> : <MainScreen route={route} />}
      <ToastRegion />
    </SlotsProvider>
  );
}

function ConsoleScreen({ route }: { route: Extract<Route, { page: 'console' }> }) {
  return (
    <div className={styles.screen}>
      <ConnectionBanner />
      <main className={styles.consoleWindow}>
        <ConsoleWindow vmId={route.id} console={route.console} />
      </main>
    </div>
  );
}

function MainScreen({ route }: { route: Route }) {
  useFocusFollows(route);
  return (
    <div className={styles.screen} data-page={route.page}>
      <button type="button" className={styles.skip} onClick={() => document.getElementById('main')?.focus()}>
        Skip to content
      </button>
      <ConnectionBanner />
      <div className={styles.panes}>
        <nav className={styles.side} aria-label="Library">
          <Library current={route.page === 'vm' ? route.id : undefined} />
        </nav>
        <main id="main" className={styles.main} tabIndex={-1}>
          <Page route={route} />
        </main>
      </div>
      <Dialogs />
      <SnapshotDialogs />
      <StateAnnouncer />
    </div>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case 'library':
    case 'console':
      return <NothingOpen />;
    case 'vm':
      return <Machine key={route.id} id={route.id} tab={route.tab} console={route.console} />;
    case 'new':
      return <Wizard key={route.source} source={route.source} />;
    case 'settings':
      return <SettingsPage />;
  }
}

/** In a narrow window the list that had the focus is gone when a machine opens: the focus goes along. */
function useFocusFollows(route: Route): void {
  const address = formatRoute(route);
  const before = useRef(address);
  useEffect(() => {
    if (before.current === address) return undefined;
    before.current = address;
    const frame = requestAnimationFrame(() => {
      const focused = document.activeElement;
      if (focused && focused !== document.body && focused.checkVisibility()) return;
      document.getElementById('main')?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [address]);
}

function useTitle(route: Route): void {
  const { byId } = useVms();
  const vm = route.page === 'vm' || route.page === 'console' ? byId.get(route.id) : undefined;
  const title = vm ? `${vmTitle(vm)} – Armoire` : 'Armoire';
  useEffect(() => {
    document.title = title;
  }, [title]);
}
