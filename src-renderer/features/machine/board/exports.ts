// The map as text for programs: C macros, and GNU ld's MEMORY command.
import type { MapRegion } from '../../../../src-main/contract/memory-map.ts';

/** `pl011@9000000` → `PL011`; `flash@0 #1` → `FLASH_1`; `memory@40000000` → `RAM`: what C takes as a name. */
function macroName({ name, kind }: MapRegion): string {
  if (kind === 'ram' && name.startsWith('memory@')) return 'RAM';
  const words = name
    .replace(/@[0-9a-f,]+/i, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[A-Z]/.test(words) ? words : `REGION_${words || 'X'}`;
}

/** A name for each; those that several would have are counted. */
function namesOf(regions: readonly MapRegion[]): string[] {
  const base = regions.map(macroName);
  const several = new Set(base.filter((name, index) => base.indexOf(name) !== index));
  const taken = new Set(base.filter((name) => !several.has(name)));
  const next = new Map<string, number>();
  return base.map((name) => {
    if (!several.has(name)) return name;
    let number = next.get(name) ?? 0;
    while (taken.has(`${name}_${number}`)) number++;
    next.set(name, number + 1);
    return `${name}_${number}`;
  });
}

/** Constants of more than 32 bits are no `unsigned long` on a 32-bit core. */
function literal(hex: string): string {
  return `${hex}${BigInt(hex) > 0xffff_ffffn ? 'ULL' : 'UL'}`;
}

/** The number that the core sees: `SPI 1 (33), level high` → 33. */
function interruptNumber(text: string | undefined): string | undefined {
  return /\((\d+)\)/.exec(text ?? '')?.[1];
}

/** `_BASE`, `_SIZE`, and `_IRQ` where the interrupt controller is Arm's GIC. */
export function cDefines(regions: readonly MapRegion[], board: string): string {
  const names = namesOf(regions);
  const lines = regions.flatMap((region, index) => {
    const name = names[index] ?? '';
    const irq = interruptNumber(region.interrupts[0]);
    return [
      `#define ${name}_BASE ${literal(region.start)}`,
      `#define ${name}_SIZE ${literal(region.size)}`,
      ...(irq === undefined ? [] : [`#define ${name}_IRQ ${irq}`]),
    ];
  });
  return `${[`/* Memory map of ${board.replaceAll('*/', '* /')} */`, ...lines].join('\n')}\n`;
}

const attributes: Partial<Record<MapRegion['kind'], string>> = { ram: 'rwx', rom: 'rx', flash: 'rx' };

/** Where a program can be put: memory only, since a linker has no use for devices. */
export function memoryKinds(regions: readonly MapRegion[]): MapRegion[] {
  return regions.filter(({ kind }) => attributes[kind] !== undefined);
}

export function ldMemory(regions: readonly MapRegion[]): string {
  const memory = memoryKinds(regions);
  const names = namesOf(memory);
  const lines = memory.map(
    ({ kind, start, size }, index) =>
      `  ${(names[index] ?? '').toLowerCase()} (${attributes[kind]}) : ORIGIN = ${start}, LENGTH = ${size}`,
  );
  return `${['MEMORY', '{', ...lines, '}'].join('\n')}\n`;
}
