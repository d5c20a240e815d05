// Copies a text; the icon and the label say that it did.
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, IconButton } from './button.tsx';

interface CopyButtonProps {
  text: string;
  label: string;
  /** Show the label, not only the icon. */
  words?: boolean | undefined;
}

export function CopyButton({ text, label, words = false }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1800);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await copyText(text);
    setCopied(true);
  };
  const shown = copied ? 'Copied' : label;
  const icon = copied ? Check : Copy;
  return words ? (
    <Button size="s" icon={icon} onPress={copy}>
      {shown}
    </Button>
  ) : (
    <IconButton size="s" icon={icon} label={shown} onPress={copy} />
  );
}

/** The clipboard API is there in secure contexts only; a server reached by its address over HTTP is not one. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
