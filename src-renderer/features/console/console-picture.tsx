// What a console showed at some moment: bytes that were kept, drawn once.
import { useEffect } from 'react';
import type { ConsolePictureProps } from '../../slots.ts';
import styles from './console-preview.module.css';
import { useSmallTerminal } from './use-small-terminal.ts';

export function ConsolePicture({ output, label }: ConsolePictureProps) {
  const { frame, terminal, dark } = useSmallTerminal();
  useEffect(() => {
    if (terminal === null) return;
    terminal.reset();
    terminal.write(Uint8Array.from(atob(output), (character) => character.charCodeAt(0)));
  }, [terminal, output]);
  return (
    <div className={styles.preview} data-dark={dark} role="img" aria-label={label}>
      <div ref={frame} className={styles.frame} inert />
    </div>
  );
}
