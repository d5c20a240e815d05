// Login tokens work once and go stale; sessions last; cookies are read as browsers write them.
import { describe, expect, it } from 'vitest';
import { cookieName, createAuth, readCookie, sessionCookie } from './auth.ts';

const day = 24 * 60 * 60 * 1000;

describe('login tokens', () => {
  it('a token gives one session, once', () => {
    const auth = createAuth();
    const token = auth.issueLoginToken();
    const session = auth.redeemLoginToken(token);
    expect(session).toMatch(/^[\w-]{43}$/);
    expect(session).not.toBe(token);
    expect(auth.redeemLoginToken(token)).toBeUndefined();
    expect(auth.isSession(session ?? '')).toBe(true);
  });

  it('a token is not a session and a session is not a token', () => {
    const auth = createAuth();
    const token = auth.issueLoginToken();
    expect(auth.isSession(token)).toBe(false);
    const session = auth.redeemLoginToken(token) ?? '';
    expect(auth.redeemLoginToken(session)).toBeUndefined();
  });

  it.each(['', ' ', 'x'.repeat(43), 'x'.repeat(100_000)])('refuses a made-up token', (token) => {
    const auth = createAuth();
    auth.issueLoginToken();
    expect(auth.redeemLoginToken(token)).toBeUndefined();
    expect(auth.isSession(token)).toBe(false);
  });

  it('a token goes stale after a day, a session does not', () => {
    let now = 0;
    const auth = createAuth(() => now);
    const session = auth.redeemLoginToken(auth.issueLoginToken()) ?? '';
    const late = auth.issueLoginToken();
    now = day;
    expect(auth.redeemLoginToken(late)).toBeUndefined();
    now = 400 * day;
    expect(auth.isSession(session)).toBe(true);
  });

  it('keeps a bounded number of each, dropping the oldest', () => {
    const auth = createAuth();
    const first = auth.issueLoginToken();
    const second = auth.issueLoginToken();
    for (let more = 0; more < 31; more += 1) auth.issueLoginToken();
    expect(auth.redeemLoginToken(first)).toBeUndefined();
    expect(auth.redeemLoginToken(second)).toBeDefined();
  });
});

describe('cookies', () => {
  it('is out of reach of scripts and of other sites', () => {
    expect(sessionCookie(7420, 'abc')).toBe('armoire-7420=abc; Path=/; HttpOnly; SameSite=Strict');
  });

  it('finds its own among others', () => {
    const name = cookieName(7420);
    expect(readCookie('a=1; armoire-7421=no; armoire-7420=yes ;b', name)).toBe('yes');
    expect(readCookie('xarmoire-7420=no', name)).toBeUndefined();
    expect(readCookie(undefined, name)).toBeUndefined();
  });
});
