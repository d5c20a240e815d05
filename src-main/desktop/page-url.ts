// The app's own addresses: what is a page of ours, and which of them is a console window.
import { vmId } from '../contract/definition.ts';

export const pageScheme = 'app';
const pageHost = 'armoire';
export const pageOrigin = `${pageScheme}://${pageHost}`;
const pagePath = '/index.html';

export interface ConsolePlace {
  vmId: string;
  console: string;
}

/** `hash`: the route, such as `#/new`. */
export function pageUrl(hash = '#/'): string {
  return `${pageOrigin}${pagePath}${hash}`;
}

export function consoleHash({ vmId: id, console }: ConsolePlace): string {
  return `#/console/${id}/${console}`;
}

export function isPage(url: string): boolean {
  const parsed = parse(url);
  return parsed !== undefined && isOurs(parsed) && (parsed.pathname === pagePath || parsed.pathname === '/');
}

/** The path of one of the app's files; undefined for another scheme or host. */
export function filePathOf(url: string): string | undefined {
  const parsed = parse(url);
  return parsed && isOurs(parsed) ? parsed.pathname : undefined;
}

/** Which console a URL shows; undefined for every other URL. */
export function consoleOf(url: string): ConsolePlace | undefined {
  if (!isPage(url)) return undefined;
  const [, id = '', console = ''] = /^#\/console\/([^/]+)\/(uart\d{1,2})$/.exec(new URL(url).hash) ?? [];
  return vmId.safeParse(id).success ? { vmId: id, console } : undefined;
}

export function isWebLink(url: string): boolean {
  const protocol = parse(url)?.protocol;
  return protocol === 'https:' || protocol === 'http:';
}

function isOurs(url: URL): boolean {
  // A scheme of our own has no defaults: a port or a user in it is somebody's trick.
  return url.protocol === `${pageScheme}:` && url.host === pageHost && url.username === '';
}

function parse(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
