// Shows what is about to be pasted, since a guest's shell runs every line at its break.
import { useState } from 'react';
import { client } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Notice } from '../../components/notice.tsx';
import { report } from './console-actions.ts';
import styles from './dialogs.module.css';
import { asOneLine, reviewPaste, visible, withoutControls } from './paste.ts';

interface PasteDialogProps {
  text: string;
  /** The guest asked for bracketed paste: it can tell a paste from typing. */
  bracketed: boolean;
  onPaste: (text: string) => void;
  onClose: () => void;
}

const shownLines = 200;

export function PasteDialog({ text, bracketed, onPaste, onClose }: PasteDialogProps) {
  const [stopAsking, setStopAsking] = useState(false);
  const { lines, endsWithEnter, controls } = reviewPaste(text);
  const finish = (pasted: string) => {
    if (stopAsking)
      void report('The setting was not saved', () => client.host.saveSettings({ confirmPaste: false }));
    onPaste(pasted);
  };
  const several = lines.length > 1;
  return (
    <Dialog
      title={several ? `Paste ${lines.length} lines into the guest?` : 'Paste this into the guest?'}
      isOpen
      onClose={onClose}
      size="m"
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          {several ? <Button onPress={() => finish(asOneLine(text))}>Paste as one line</Button> : null}
          <Button variant="primary" autoFocus onPress={() => finish(withoutControls(text))}>
            Paste
          </Button>
        </>
      }
    >
      <p>{consequence(lines.length, endsWithEnter, bracketed)}</p>
      {controls > 0 ? (
        <Notice
          tone="caution"
          title={`${controls} control ${controls === 1 ? 'character is' : 'characters are'} left out of it.`}
        />
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too */}
      <ol className={styles.lines} tabIndex={0} aria-label="Lines to paste">
        {lines.slice(0, shownLines).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one text never change places
          <li key={index}>{visible(line) || ' '}</li>
        ))}
      </ol>
      {lines.length > shownLines ? <p>… and {lines.length - shownLines} more lines.</p> : null}
      <Checkbox value={stopAsking} onChange={setStopAsking}>
        Do not ask again
      </Checkbox>
    </Dialog>
  );
}

function consequence(lines: number, endsWithEnter: boolean, bracketed: boolean): string {
  if (bracketed) return 'The guest takes it as one paste and waits for you to press Enter.';
  if (lines === 1)
    return endsWithEnter ? 'It ends with a line break: the guest runs it at once.' : 'It is typed as it is.';
  return endsWithEnter
    ? 'Every line break acts as Enter: at a shell, each line is run as it arrives.'
    : 'Every line break acts as Enter: at a shell, each line but the last is run as it arrives.';
}

/** Where the browser does not let the page read the clipboard: a place to paste into by hand. */
export function PasteHereDialog({ onPaste, onClose }: Pick<PasteDialogProps, 'onPaste' | 'onClose'>) {
  return (
    <Dialog title="Paste here" isOpen onClose={onClose} actions={<Button onPress={onClose}>Cancel</Button>}>
      <p>This browser does not let Armoire read the clipboard by itself.</p>
      <label className={styles.pasteHere}>
        <span>Paste into this box, and it goes on to the guest:</span>
        <textarea
          autoFocus
          rows={3}
          value=""
          onChange={() => {}}
          onPaste={(event) => {
            event.preventDefault();
            onPaste(event.clipboardData.getData('text/plain'));
          }}
        />
      </label>
    </Dialog>
  );
}
