// Which keys go to the search: `/`, and Ctrl+F or Cmd+F, unless somebody is typing or talking to a guest.

interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  target: EventTarget | null;
}

export function isFindKey({ key, ctrlKey, metaKey, altKey, target }: KeyPress): boolean {
  if (isTyping(target)) return false;
  if (key === '/') return !ctrlKey && !metaKey && !altKey;
  return key.toLowerCase() === 'f' && (ctrlKey || metaKey) && !altKey;
}

/** A terminal takes its keys through a text area, so that is covered too. */
function isTyping(target: EventTarget | null): boolean {
  if (target === null || !('closest' in target)) return false;
  const element = target as Element;
  return element.closest('input, textarea, select, [contenteditable]') !== null;
}
