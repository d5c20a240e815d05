// Files between the browser and the server: upload with progress, download by a one-time ticket.
import { Fault, faultData } from '../../src-main/contract/fault.ts';

export interface UploadOptions {
  /** Part done, 0 to 1. */
  onProgress?: (part: number) => void;
  signal?: AbortSignal;
}

/**
 * Sends a file to the server and tells where it is kept there. Browser mode only (`capabilities.upload`).
 * Rejects with a `Fault`, the server's own where it answered with one, or with AbortError.
 */
export function uploadFile(file: File, options: UploadOptions = {}): Promise<{ path: string }> {
  const { onProgress, signal } = options;
  return new Promise((resolve, reject) => {
    // fetch() cannot tell how much of the body has gone out.
    const request = new XMLHttpRequest();
    request.open('PUT', `/upload?name=${encodeURIComponent(file.name)}`);
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    });
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText));
      else reject(uploadFault(request.status, request.responseText));
    });
    request.addEventListener('error', () => reject(uploadFault(0, '')));
    request.addEventListener('abort', () => reject(new DOMException('Upload cancelled.', 'AbortError')));
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

/** `status` 0: there was no answer. */
export function uploadFault(status: number, body: string): Fault {
  const told = faultData.safeParse(parseJson(body));
  if (told.success) return new Fault(told.data);
  return new Fault({
    code: 'internal',
    message: status === 0 ? 'The connection broke during the upload.' : `The server answered ${status}.`,
    remedy: 'Upload it again once this page is connected and signed in.',
  });
}

/** undefined for anything else, such as a page of HTML. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lets the browser save what a ticket stands for. */
export function download(ticket: string): void {
  const anchor = document.createElement('a');
  anchor.href = `/download?ticket=${encodeURIComponent(ticket)}`;
  anchor.download = '';
  anchor.click();
}
