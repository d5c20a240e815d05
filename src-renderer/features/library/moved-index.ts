// Where a key takes the cursor in a list.

/** The new index, or undefined when the key does not move. `page` is how many rows are seen at once. */
export function movedIndex(key: string, index: number, length: number, page: number): number | undefined {
  const target = targetOf(key, index, length, page);
  return target === undefined || length === 0 ? undefined : Math.min(length - 1, Math.max(0, target));
}

function targetOf(key: string, index: number, length: number, page: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return index + 1;
    case 'ArrowUp':
      return index - 1;
    case 'PageDown':
      return index + page;
    case 'PageUp':
      return index - page;
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return undefined;
  }
}
