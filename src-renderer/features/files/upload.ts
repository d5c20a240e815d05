// Uploads as the file field needs them: how far, how long still, and a way out.
import { useEffect, useRef, useState } from 'react';
import type { FaultData } from '../../../src-main/contract/fault.ts';
import { faultOf } from '../../client/faults.ts';
import { uploadFile } from '../../client/transfer.ts';

export interface UploadState {
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Part done, 0 to 1. */
  readonly part: number;
  readonly secondsLeft: number | null;
}

export interface Uploader {
  readonly running: UploadState | null;
  readonly fault: FaultData | null;
  start(file: File): void;
  cancel(): void;
}

export function useUpload(onDone: (path: string) => void): Uploader {
  const [running, setRunning] = useState<UploadState | null>(null);
  const [fault, setFault] = useState<FaultData | null>(null);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => controller.current?.abort(), []);

  const start = async (file: File) => {
    controller.current?.abort();
    const mine = new AbortController();
    controller.current = mine;
    const began = performance.now();
    const about = { fileName: file.name, sizeBytes: file.size };
    setFault(null);
    setRunning({ ...about, part: 0, secondsLeft: null });
    try {
      const { path } = await uploadFile(file, {
        signal: mine.signal,
        onProgress: (part) =>
          setRunning({ ...about, part, secondsLeft: secondsLeft(part, performance.now() - began) }),
      });
      onDone(path);
    } catch (error) {
      const failure = faultOf(error);
      if (failure.code !== 'cancelled') setFault({ ...failure, message: uploadFailed(file, error) });
    } finally {
      if (controller.current === mine) setRunning(null);
    }
  };
  return {
    running,
    fault,
    start: (file) => void start(file),
    cancel: () => controller.current?.abort(),
  };
}

function uploadFailed(file: File, error: unknown): string {
  const why = error instanceof Error ? error.message : '';
  return `“${file.name}” was not uploaded. ${why}`.trim();
}

/** null for the first second, when the rate says little. */
export function secondsLeft(part: number, elapsedMs: number): number | null {
  if (elapsedMs < 1000 || part <= 0) return null;
  return Math.ceil((elapsedMs / part - elapsedMs) / 1000);
}

export function timeWords(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
