// What a page of ours may ask of the browser that shows it.
import { isPage, pageOrigin } from './page-url.ts';

/** Copy and paste in a console; everything else (camera, notifications, USB, …) has no use here. */
const granted: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'clipboard-read']);

/** `requestingUrl`: the page's URL or its bare origin, as Electron gives one or the other. */
export function mayUse(permission: string, requestingUrl: string): boolean {
  const ours = requestingUrl.replace(/\/$/, '') === pageOrigin || isPage(requestingUrl);
  return ours && granted.has(permission);
}
