// The page's one door: hands the ports that it makes to the main process, and tells that it runs on the desktop.
import { contextBridge, ipcRenderer } from 'electron';

contextBridge.exposeInMainWorld('armoire', { transport: 'message-port' });

window.addEventListener('message', (event) => {
  if (event.source !== window || event.origin !== window.location.origin) return;
  const port = event.ports[0];
  if (!port || event.ports.length !== 1 || typeof event.data !== 'object' || event.data === null) return;
  const { armoire, ticket } = event.data as { armoire?: unknown; ticket?: unknown };
  if (armoire === 'rpc') ipcRenderer.postMessage('armoire:rpc', null, [port]);
  if (armoire === 'bytes' && typeof ticket === 'string')
    ipcRenderer.postMessage('armoire:bytes', ticket, [port]);
});
