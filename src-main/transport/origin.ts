// Which names the server answers to, and from which pages it takes requests.
import type { IncomingMessage } from 'node:http';

const defaultHttpPort = 80;

export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}

/** Bound to every interface: any of the computer's own addresses may be used. */
export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/**
 * The `Host` headers to accept, exactly. A page of another site that points its own name at our address
 * (DNS rebinding) arrives with that name and is refused.
 */
export function acceptedHosts(names: readonly string[], port: number): Set<string> {
  const hosts = names.map((name) => urlHost(name).toLowerCase());
  const withPort = hosts.map((host) => `${host}:${port}`);
  return new Set(port === defaultHttpPort ? [...withPort, ...hosts] : withPort);
}

/** The names of a server that listens on `address`; `ownAddresses`: of this computer's interfaces. */
export function namesOf(address: string, ownAddresses: readonly string[], ownName: string): string[] {
  if (isWildcard(address)) return ['127.0.0.1', 'localhost', ...ownAddresses, ownName];
  return isLoopback(address) ? [address, 'localhost'] : [address];
}

/** An IPv6 address needs brackets in a URL. */
export function urlHost(name: string): string {
  return name.includes(':') ? `[${name}]` : name;
}

export function hasAcceptedHost(request: IncomingMessage, hosts: ReadonlySet<string>): boolean {
  return hosts.has((request.headers.host ?? '').toLowerCase());
}

/** True when the request comes from a page of this very server: `Origin` is there and is our own. */
export function isSameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  return (
    origin !== undefined && host !== undefined && origin.toLowerCase() === `http://${host.toLowerCase()}`
  );
}

/** What is asked for; undefined for anything but a plain path, such as a proxy's absolute form. */
export function requestUrl(request: IncomingMessage): URL | undefined {
  // Put together, not resolved: '//name' is a path here, not another host.
  const text = `http://armoire${request.url}`;
  return request.url?.startsWith('/') && URL.canParse(text) ? new URL(text) : undefined;
}
