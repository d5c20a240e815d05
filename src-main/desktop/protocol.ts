// The app:// scheme in Electron: a secure origin of our own, so that pages never run from file://.
import { protocol, type Session } from 'electron';
import { pageResponse } from './page-response.ts';
import { pageScheme } from './page-url.ts';

/** Before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

export function servePages(session: Session, rendererDir: string): void {
  session.protocol.handle(pageScheme, (request) => pageResponse(request, rendererDir));
}
