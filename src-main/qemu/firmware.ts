// UEFI firmware, found as QEMU's docs/interop/firmware.json asks: descriptors in the order of their file names.
import { readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { FirmwareDescriptor, QemuCapabilities } from '../contract/qemu.ts';
import { unlessMissing } from '../lib/errno.ts';

const flashFile = z.object({ filename: z.string(), format: z.enum(['raw', 'qcow2']) });

const descriptorFile = z.object({
  description: z.string().default(''),
  'interface-types': z.array(z.string()),
  mapping: z.discriminatedUnion('device', [
    z.object({
      device: z.literal('flash'),
      /** `combined` keeps code and variables in one writable file: no distribution has one for ARM, none is taken. */
      mode: z.enum(['split', 'stateless']).default('split'),
      executable: flashFile,
      'nvram-template': flashFile.optional(),
    }),
    z.object({ device: z.literal('memory'), filename: z.string() }),
  ]),
  targets: z.array(z.object({ architecture: z.string(), machines: z.array(z.string()) })),
  features: z.array(z.string()).default([]),
});

const armArchitectures: readonly string[] = ['aarch64', 'arm'];

type Environment = Readonly<Record<string, string | undefined>>;

async function isDirectoryWithFiles(directory: string): Promise<boolean> {
  const names = await unlessMissing(readdir(directory)).catch(() => undefined);
  return names !== undefined && names.length > 0;
}

/** The distribution's place first, then the administrator's, then the user's: a later one wins. */
async function descriptorDirectories(dataDirs: readonly string[], env: Environment): Promise<string[]> {
  const own: string[] = [];
  for (const directory of dataDirs) {
    const firmware = path.join(directory, 'firmware');
    // One installation's firmware alone: a bundle does not mix with what the system has.
    if (own.length === 0 && (await isDirectoryWithFiles(firmware))) own.push(firmware);
  }
  const config =
    env.XDG_CONFIG_HOME && path.isAbsolute(env.XDG_CONFIG_HOME) ? env.XDG_CONFIG_HOME : undefined;
  const user = config ?? path.join(env.HOME ?? os.homedir(), '.config');
  return [...own, '/etc/qemu/firmware', path.join(user, 'qemu', 'firmware')];
}

/** A file of the same name in a later directory replaces an earlier one; an empty one takes it away. */
async function descriptorPaths(directories: readonly string[]): Promise<string[]> {
  const byName = new Map<string, string>();
  for (const directory of directories) {
    for (const name of (await unlessMissing(readdir(directory)).catch(() => undefined)) ?? []) {
      if (name.endsWith('.json')) byName.set(name, path.join(directory, name));
    }
  }
  return [...byName.keys()].sort().map((name) => byName.get(name) ?? name);
}

/** A name that is not absolute counts from the installation's root: `<root>/share/qemu/firmware/X.json`. */
function absolute(descriptor: string, filename: string): string {
  return path.resolve(path.dirname(descriptor), '../../..', filename);
}

function parseDescriptor(descriptor: string, text: string): FirmwareDescriptor[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return [];
  }
  const parsed = descriptorFile.safeParse(content);
  if (!parsed.success || !parsed.data['interface-types'].includes('uefi')) return [];
  const { description, mapping, targets, features } = parsed.data;
  const flash = mapping.device === 'flash' ? mapping : undefined;
  const template = flash?.mode === 'split' ? flash['nvram-template'] : undefined;
  const executable =
    mapping.device === 'flash' ? mapping.executable : { filename: mapping.filename, format: 'raw' as const };
  return targets
    .filter(({ architecture }) => armArchitectures.includes(architecture))
    .map(({ architecture, machines }) => ({
      descriptor,
      description,
      architecture,
      machines,
      mapping: mapping.device,
      executable: absolute(descriptor, executable.filename),
      executableFormat: executable.format,
      ...(template === undefined
        ? {}
        : { nvramTemplate: absolute(descriptor, template.filename), nvramTemplateFormat: template.format }),
      features,
    }));
}

/**
 * Every ARM UEFI firmware, in the order in which it is to be tried. Descriptors that cannot be read are passed over:
 * one broken file must not take the firmware of all machines away.
 * @param dataDirs QEMU's data directories, the first one first (`-L help`)
 */
export async function readFirmware(
  dataDirs: readonly string[],
  env: Environment = process.env,
): Promise<FirmwareDescriptor[]> {
  const found: FirmwareDescriptor[] = [];
  for (const descriptor of await descriptorPaths(await descriptorDirectories(dataDirs, env))) {
    const text = await readFile(descriptor, 'utf8').catch(() => '');
    found.push(...parseDescriptor(descriptor, text));
  }
  return found;
}

/** Descriptors use `*` alone (`virt-*`). */
function matches(glob: string, machine: string): boolean {
  const escaped = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`).test(machine);
}

export interface FirmwareWish {
  /** Firmware that starts only signed programs. */
  secureBoot: boolean;
  /** 64: aarch64, 32: arm. */
  bits: 32 | 64;
}

/** The first firmware that fits; undefined when this QEMU has none for the machine type. */
export function findFirmware(
  qemu: Pick<QemuCapabilities, 'firmware' | 'machines'>,
  machine: string,
  { secureBoot, bits }: FirmwareWish,
): FirmwareDescriptor | undefined {
  const pinned = qemu.machines.find(({ alias }) => alias === machine)?.name ?? machine;
  const architecture = bits === 64 ? 'aarch64' : 'arm';
  return qemu.firmware.find(
    (firmware) =>
      firmware.architecture === architecture &&
      firmware.machines.some((glob) => matches(glob, pinned)) &&
      firmware.features.includes('secure-boot') === secureBoot &&
      // Keys that are already in place come with Secure Boot and make no sense without.
      (secureBoot || !firmware.features.includes('enrolled-keys')),
  );
}
