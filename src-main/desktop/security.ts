// Electron's security checklist, as far as it is set at run time: permissions, navigation, new windows, webviews.
// https://www.electronjs.org/docs/latest/tutorial/security
import { app, type Session, type WebContents } from 'electron';
import { type ConsolePlace, consoleOf, isPage } from './page-url.ts';
import { mayUse } from './permissions.ts';

export function limitPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide, details) =>
    decide(details.isMainFrame && mayUse(permission, details.requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => mayUse(permission, origin));
  session.setDevicePermissionHandler(() => false);
}

/** For every page there will ever be, also one that a defect opens. */
export function limitNavigation(openConsole: (place: ConsolePlace) => void): void {
  app.on('web-contents-created', (_event, contents) => limitContents(contents, openConsole));
}

function limitContents(contents: WebContents, openConsole: (place: ConsolePlace) => void): void {
  const stayHere = (event: { url: string; preventDefault(): void }) => {
    if (!isPage(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stayHere);
  contents.on('will-frame-navigate', stayHere);
  contents.on('will-redirect', stayHere);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    const place = consoleOf(url);
    // A window of ours with our settings, never the one that the page would have made.
    if (place) openConsole(place);
    return { action: 'deny' };
  });
}
