// Finds the files of the built page, and nothing outside of their folder.
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';

export interface StaticFile {
  path: string;
  sizeBytes: number;
  contentType: string;
  cacheControl: string;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** Vite writes assets as `assets/name-HASH.ext`; their content never changes under that name. */
const hashedAsset = /^\/assets\/[^/]+-[\w-]{8}\.\w+$/;

/** The file that a URL's path names; undefined when there is none inside of `root`. */
export async function findStaticFile(root: string, urlPath: string): Promise<StaticFile | undefined> {
  const segments = safeSegments(urlPath);
  if (!segments) return undefined;
  const wanted = path.join(root, ...(segments.length === 0 ? ['index.html'] : segments));
  try {
    // Links are resolved before the comparison: one inside of the folder must not lead out of it.
    const [real, realRoot] = await Promise.all([realpath(wanted), realpath(root)]);
    if (!real.startsWith(realRoot + path.sep)) return undefined;
    const facts = await stat(real);
    if (!facts.isFile()) return undefined;
    return {
      path: real,
      sizeBytes: facts.size,
      contentType: contentTypes[path.extname(real).toLowerCase()] ?? 'application/octet-stream',
      cacheControl: hashedAsset.test(urlPath) ? 'private, max-age=31536000, immutable' : 'no-cache',
    };
  } catch {
    return undefined;
  }
}

function safeSegments(urlPath: string): string[] | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (/[\0\\]/.test(decoded)) return undefined;
  const segments = decoded.split('/').filter((segment) => segment !== '');
  return segments.some((segment) => segment.startsWith('.')) ? undefined : segments;
}
