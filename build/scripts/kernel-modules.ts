// Picks kernel modules with what they need out of a kernel package, and writes the index files that modprobe reads.
// The package has no modules.dep (depmod makes it on installation), so it is made from the modules' own .modinfo.

export interface ModuleInfo {
  /** Underscores for dashes, as the kernel does. */
  name: string;
  depends: string[];
  aliases: string[];
}

export function moduleName(fileName: string): string {
  return (fileName.split('/').at(-1) ?? '').replace(/\.ko(\.xz|\.zst|\.gz)?$/, '').replaceAll('-', '_');
}

interface Section {
  nameOffset: number;
  offset: number;
  size: number;
}

function sectionAt(elf: Buffer, at: number, is64: boolean): Section {
  const nameOffset = elf.readUInt32LE(at);
  if (is64)
    return {
      nameOffset,
      offset: Number(elf.readBigUInt64LE(at + 24)),
      size: Number(elf.readBigUInt64LE(at + 32)),
    };
  return { nameOffset, offset: elf.readUInt32LE(at + 16), size: elf.readUInt32LE(at + 20) };
}

/** Content of a section of a little-endian ELF file (elf(5)); null when it has none of that name. */
export function elfSection(elf: Buffer, wanted: string): Buffer | null {
  if (elf.length < 64 || elf.readUInt32BE(0) !== 0x7f454c46) throw new Error('not an ELF file');
  const is64 = elf[4] === 2;
  const tableAt = is64 ? Number(elf.readBigUInt64LE(40)) : elf.readUInt32LE(32);
  const numbersAt = is64 ? 58 : 46;
  const entrySize = elf.readUInt16LE(numbersAt);
  const count = elf.readUInt16LE(numbersAt + 2);
  const names = sectionAt(elf, tableAt + elf.readUInt16LE(numbersAt + 4) * entrySize, is64);
  for (let index = 0; index < count; index += 1) {
    const section = sectionAt(elf, tableAt + index * entrySize, is64);
    const nameAt = names.offset + section.nameOffset;
    const name = elf.toString('latin1', nameAt, elf.indexOf(0, nameAt));
    if (name === wanted) return elf.subarray(section.offset, section.offset + section.size);
  }
  return null;
}

/** Reads what a module says about itself. */
export function readModuleInfo(fileName: string, elf: Buffer): ModuleInfo {
  const fields = (elfSection(elf, '.modinfo')?.toString('latin1') ?? '').split('\0');
  const values = (key: string) =>
    fields.filter((field) => field.startsWith(`${key}=`)).map((field) => field.slice(key.length + 1));
  const depends = values('depends')
    .flatMap((list) => list.split(','))
    .filter((name) => name !== '');
  return { name: moduleName(fileName), depends: depends.map(moduleName), aliases: values('alias') };
}

/** `wanted` and all that they need, each once, needed ones first. Built-in names count as there and are left out. */
export function moduleClosure(
  wanted: readonly string[],
  infoOf: (name: string) => ModuleInfo | null,
  isBuiltIn: (name: string) => boolean,
): ModuleInfo[] {
  const ordered = new Map<string, ModuleInfo>();
  const visit = (name: string): void => {
    if (ordered.has(name) || isBuiltIn(name)) return;
    const info = infoOf(name);
    if (info === null) throw new Error(`the kernel package has no module ${name}`);
    info.depends.forEach(visit);
    ordered.set(name, info);
  };
  wanted.map(moduleName).forEach(visit);
  return [...ordered.values()];
}

/** modules.dep(5): all that a module needs, the nearest first; modprobe loads the line from its end. */
export function formatModulesDep(modules: readonly ModuleInfo[], pathOf: (name: string) => string): string {
  const known = new Map(modules.map((info): [string, ModuleInfo] => [info.name, info]));
  const needs = (info: ModuleInfo): string[] => {
    const nearest = info.depends.filter((name) => known.has(name));
    const further = nearest.flatMap((name) => {
      const dependency = known.get(name);
      return dependency === undefined ? [] : needs(dependency);
    });
    return [...new Set([...nearest.filter((name) => !further.includes(name)), ...further])];
  };
  return modules
    .map((info) => `${pathOf(info.name)}: ${needs(info).map(pathOf).join(' ')}`.trimEnd())
    .join('\n')
    .concat('\n');
}

/** The alias lines that let modprobe find a driver by a device's modalias; for `modules` only. */
export function formatModulesAlias(modules: readonly ModuleInfo[]): string {
  return modules.flatMap((info) => info.aliases.map((alias) => `alias ${alias} ${info.name}\n`)).join('');
}
