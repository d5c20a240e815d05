// What app:// answers: files of the built page with the security policy, nothing else.
import { readFile } from 'node:fs/promises';
import { securityHeaders } from '../transport/security-headers.ts';
import { findStaticFile } from '../transport/static.ts';
import { filePathOf } from './page-url.ts';

export async function pageResponse(
  request: { url: string; method: string },
  rendererDir: string,
): Promise<Response> {
  const urlPath = request.method === 'GET' ? filePathOf(request.url) : undefined;
  const file = urlPath === undefined ? undefined : await findStaticFile(rendererDir, urlPath);
  if (!file) return new Response('Not found', { status: 404, headers: securityHeaders() });
  return new Response(await readFile(file.path), {
    headers: {
      ...securityHeaders(),
      'Content-Type': file.contentType,
      // The files change with an update of the app, and reading them again costs nothing.
      'Cache-Control': 'no-store',
    },
  });
}
