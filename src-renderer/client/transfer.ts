// Files between the browser and the server: upload with progress, download by a one-time ticket.

export interface UploadOptions {
  /** Part done, 0 to 1. */
  onProgress?: (part: number) => void;
  signal?: AbortSignal;
}

/**
 * Sends a file to the server and tells where it is kept there. Browser mode only (`capabilities.upload`).
 * Rejects with an Error that carries the server's words, or with AbortError.
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
      else reject(new Error(request.responseText || `The server answered ${request.status}.`));
    });
    request.addEventListener('error', () => reject(new Error('The connection broke during the upload.')));
    request.addEventListener('abort', () => reject(new DOMException('Upload cancelled.', 'AbortError')));
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

/** Lets the browser save what a ticket stands for. */
export function download(ticket: string): void {
  const anchor = document.createElement('a');
  anchor.href = `/download?ticket=${encodeURIComponent(ticket)}`;
  anchor.download = '';
  anchor.click();
}
