// Short messages at the window's corner, kept apart from what shows them.
import { createStore } from 'zustand/vanilla';
import type { FaultData } from '../../src-main/contract/fault.ts';

export type ToastContent =
  | { kind: 'done'; message: string }
  | { kind: 'fault'; fault: FaultData; title?: string };
export type Toast = ToastContent & { id: number };

export const toasts = createStore<readonly Toast[]>(() => []);

const shownMs = 5000;
let nextId = 1;

/** Good news goes by itself, at the latest when newer comes; a fault stays until it is dismissed. */
export function showToast(content: ToastContent): void {
  const toast: Toast = { ...content, id: nextId++ };
  const stays = ({ kind }: Toast) => kind === 'fault' || toast.kind === 'fault';
  toasts.setState((shown) => [...shown.filter(stays), toast].slice(-4), true);
  if (toast.kind === 'done') setTimeout(() => dismissToast(toast.id), shownMs);
}

export function dismissToast(id: number): void {
  toasts.setState((shown) => shown.filter((toast) => toast.id !== id), true);
}
