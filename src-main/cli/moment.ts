// Moments as people read them: local time, to the second, sortable.

/** `iso`: ISO 8601. Local time, as `2026-03-31 09:05:07`. */
export function formatMoment(iso: string): string {
  const moment = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join('-');
  return `${day} ${[moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join(':')}`;
}
