// Sends one file to the browser as a download.
import { open } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** The file may grow while it is sent (a console log): what was there at the start is what is sent. */
export async function sendDownload(
  response: ServerResponse,
  file: { path: string; fileName: string },
): Promise<void> {
  const handle = await open(file.path, 'r');
  try {
    const { size } = await handle.stat();
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': size,
      'Content-Disposition': contentDisposition(file.fileName),
      'Cache-Control': 'no-store',
    });
    if (size === 0) response.end();
    else await pipeline(handle.createReadStream({ autoClose: false, start: 0, end: size - 1 }), response);
  } finally {
    await handle.close();
  }
}

/** RFC 6266: an ASCII name for old readers, the true one in UTF-8 beside it. */
export function contentDisposition(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%/]/g, '_');
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
