// Who may talk to the server: one-time login tokens, and the sessions that they are exchanged for.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A printed link that nobody follows goes stale. */
const loginTokenLifeMs = 24 * 60 * 60 * 1000;
/** The oldest give way: a browser that forgot its cookie leaves its session behind. */
const mostLoginTokens = 32;
const mostSessions = 64;

export interface Auth {
  /** A new one-time token, good for one login within a day. */
  issueLoginToken(): string;
  /** The value of a new session's cookie; undefined for a token that is unknown, used or stale. */
  redeemLoginToken(token: string): string | undefined;
  isSession(cookieValue: string): boolean;
}

interface Secret {
  digest: Buffer;
  expiresAt: number;
}

export function createAuth(now: () => number = Date.now): Auth {
  const loginTokens = new SecretList(mostLoginTokens, now);
  const sessions = new SecretList(mostSessions, now);
  return {
    issueLoginToken: () => loginTokens.issue(loginTokenLifeMs),
    redeemLoginToken: (token) =>
      loginTokens.remove(token) ? sessions.issue(Number.POSITIVE_INFINITY) : undefined,
    isSession: (value) => sessions.has(value),
  };
}

/** Keeps digests only: neither a dump of the memory nor a debugger's view of this list gives a token away. */
class SecretList {
  private secrets: Secret[] = [];
  private readonly most: number;
  private readonly now: () => number;

  constructor(most: number, now: () => number) {
    this.most = most;
    this.now = now;
  }

  issue(lifeMs: number): string {
    const value = randomBytes(32).toString('base64url');
    const added = { digest: digestOf(value), expiresAt: this.now() + lifeMs };
    this.secrets = [...this.secrets, added].slice(-this.most);
    return value;
  }

  has(value: string): boolean {
    return this.find(value) !== undefined;
  }

  remove(value: string): boolean {
    const found = this.find(value);
    this.secrets = this.secrets.filter((secret) => secret !== found);
    return found !== undefined;
  }

  /** Compares with every secret, each in constant time, so that the time taken tells nothing. */
  private find(value: string): Secret | undefined {
    const digest = digestOf(value);
    let found: Secret | undefined;
    for (const secret of this.secrets) {
      if (timingSafeEqual(secret.digest, digest) && secret.expiresAt > this.now()) found = secret;
    }
    return found;
  }
}

function digestOf(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

/** Cookies are shared by all ports of a host name: the port in the name keeps two servers apart. */
export function cookieName(port: number): string {
  return `armoire-${port}`;
}

/** Not `Secure`: the loopback server speaks plain HTTP. */
export function sessionCookie(port: number, value: string): string {
  return `${cookieName(port)}=${value}; Path=/; HttpOnly; SameSite=Strict`;
}

/** The value of one cookie in a `Cookie` header. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
