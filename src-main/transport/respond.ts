// Answers over HTTP that are not procedures: files, faults, and short pages for people who lost their way.
import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { FaultCode, FaultData } from '../contract/fault.ts';
import type { StaticFile } from './static.ts';

type PageName =
  | 'logged-in'
  | 'unknown-host'
  | 'foreign-origin'
  | 'stale-login'
  | 'no-session'
  | 'no-such-file'
  | 'no-such-method'
  | 'no-length';

/** Plain sentences: nothing of a request ever goes into a page. */
const pages: Readonly<Record<PageName, { title: string; text: string }>> = {
  'logged-in': { title: 'Logged in', text: 'Armoire opens in a moment.' },
  'unknown-host': {
    title: 'Not a name of this server',
    text: 'Use the address that Armoire printed. Another name can be allowed with --allow-host NAME.',
  },
  'foreign-origin': {
    title: 'Refused',
    text: 'A request that changes something must come from a page of this server.',
  },
  'stale-login': {
    title: 'This link was used already, or has expired',
    text: 'A login link works once. Run "armoire serve" again: it prints a fresh one, also while the server runs.',
  },
  'no-session': {
    title: 'This browser is not logged in',
    text: 'Open the link that Armoire printed when it started. Run "armoire serve" again for a fresh one.',
  },
  'no-such-file': { title: 'Not found', text: 'There is nothing here, or its link was used already.' },
  'no-such-method': { title: 'Not possible', text: 'This address cannot be used that way.' },
  'no-length': { title: 'Size missing', text: 'An upload must say its size (Content-Length).' },
};

export function sendPage(response: ServerResponse, status: number, name: PageName): void {
  const { title, text } = pages[name];
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    // Whoever is refused here gets no chance to send gigabytes into the void.
    Connection: 'close',
  });
  // The link, unlike following one from another site, sends a SameSite=Strict cookie along.
  const again = name === 'no-session' ? '<p><a href="/">Try again</a></p>' : '';
  const head = name === 'logged-in' ? '<meta http-equiv="refresh" content="0;url=/">' : '';
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8">${head}<title>Armoire</title><h1>${title}</h1><p>${text}</p>${again}</html>\n`,
  );
}

/** 303: asked for with GET, whatever it was. */
export function sendRedirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { 'Cache-Control': 'no-store', 'Content-Length': 0, Location: location });
  response.end();
}

const statuses: Partial<Record<FaultCode, number>> = {
  'bad-input': 400,
  'not-permitted': 403,
  'not-found': 404,
  conflict: 409,
  internal: 500,
  'disk-full': 507,
};

/** Does nothing where an answer is already on its way: then the cut connection is the answer. */
export function sendFault(response: ServerResponse, fault: FaultData): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(statuses[fault.code] ?? 422, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
  });
  // Node reads and drops the rest of an upload: a browser looks for the answer only when it has sent everything.
  response.end(JSON.stringify(fault));
}

export async function sendFile(response: ServerResponse, file: StaticFile, headOnly: boolean): Promise<void> {
  response.writeHead(200, {
    'Content-Type': file.contentType,
    'Content-Length': file.sizeBytes,
    'Cache-Control': file.cacheControl,
  });
  if (headOnly) response.end();
  else await pipeline(createReadStream(file.path), response);
}
