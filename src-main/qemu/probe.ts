// Asks a QEMU binary what it is and can do. Nothing here depends on this computer: the answers can be cached.
import { execa } from 'execa';
import { z } from 'zod';
import { accelerator } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import {
  type QemuFeature,
  type QemuVersion,
  qemuCpu,
  qemuFeature,
  qemuMachine,
  qemuVersion,
} from '../contract/qemu.ts';
import { qemuEnvironment } from './process-environment.ts';
import { type QmpClient, type QmpGreeting, QmpRefusal } from './qmp.ts';
import { askQemu } from './stdio-session.ts';

export const minimumVersion = { major: 8, minor: 2 } as const;

/** A busy computer may take long to start a program; a healthy one answers in 0.1 s. */
const patienceMs = 15_000;

export const binaryFacts = z.object({
  version: qemuVersion,
  machines: z.array(qemuMachine),
  cpus: z.array(qemuCpu),
  builtAccelerators: z.array(accelerator),
  devices: z.array(z.string()),
  features: z.array(qemuFeature),
  dataDirs: z.array(z.string()),
});
export type BinaryFacts = z.infer<typeof binaryFacts>;

export function isOldVersion({ major, minor }: Pick<QemuVersion, 'major' | 'minor'>): boolean {
  return major < minimumVersion.major || (major === minimumVersion.major && minor < minimumVersion.minor);
}

export function tooOldFault(path: string, version: QemuVersion): Fault {
  const { major, minor } = minimumVersion;
  return new Fault({
    code: 'qemu-too-old',
    message: `The QEMU at ${path} is version ${version.text}; Armoire needs ${major}.${minor} or newer.`,
    remedy:
      'Use the QEMU that comes with Armoire (Settings, QEMU; in a checkout `npm run bundle:qemu` makes it), or install a newer one.',
  });
}

export function brokenFault(path: string, detail: string, cause?: unknown): Fault {
  return new Fault(
    {
      code: 'qemu-broken',
      message: `The program at ${path} does not answer as QEMU does.`,
      remedy: 'Choose another QEMU in the settings, or install this one again.',
      detail,
    },
    { cause },
  );
}

function versionOf({ major, minor, micro, package: distributor }: QmpGreeting): QemuVersion {
  const number = `${major}.${minor}.${micro}`;
  return { major, minor, micro, text: distributor === '' ? number : `${number} (${distributor})` };
}

/** `QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)`; undefined for what is not QEMU. */
export function parseVersion(text: string): QemuVersion | undefined {
  const match = /^QEMU emulator version (\d+)\.(\d+)\.(\d+)(?: \((.+)\))?/.exec(text);
  if (!match) return undefined;
  const [, major, minor, micro, distributor] = match;
  return versionOf({
    major: Number(major),
    minor: Number(minor),
    micro: Number(micro),
    package: distributor ?? '',
  });
}

/** Only the version, from `--version`: for a binary that is not the one in use. Throws `Fault` qemu-broken. */
export async function readVersion(path: string): Promise<QemuVersion> {
  const run = await execa(path, ['--version'], {
    env: qemuEnvironment(),
    extendEnv: false,
    stdin: 'ignore',
    timeout: patienceMs,
    reject: false,
  });
  const version = parseVersion(run.stdout);
  if (!version) throw brokenFault(path, run.stderr || run.stdout.slice(0, 500) || (run.message ?? ''));
  return version;
}

async function printed(path: string, args: string[]): Promise<string> {
  const { stdout } = await execa(path, args, {
    env: qemuEnvironment(),
    extendEnv: false,
    stdin: 'ignore',
    timeout: patienceMs,
  });
  return stdout;
}

/** `-machine help`: QMP does not tell a machine's description. */
export function parseDescriptions(text: string): Map<string, string> {
  const descriptions = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^(\S+)\s+(.+)$/.exec(line);
    if (match?.[1] && match[2]) {
      descriptions.set(match[1], match[2].replace(/ \((?:alias of [^)]*|deprecated|default)\)/g, ''));
    }
  }
  return descriptions;
}

/** `info qdm`: `name "virtio-net-pci", bus PCI, alias …`; `no-user` marks what only boards make. */
export function parseUserDevices(text: string): string[] {
  const names = [...text.matchAll(/^name "([^"]+)"(.*)$/gm)]
    .filter(([, , rest = '']) => !/, no-user\b/.test(rest))
    .map(([, name = '']) => name);
  return [...new Set(names)].sort();
}

const machineList = z.array(
  z.object({
    name: z.string(),
    alias: z.string().optional(),
    'cpu-max': z.int(),
    deprecated: z.boolean().default(false),
    'default-cpu-type': z.string().optional(),
  }),
);

async function machines(qmp: QmpClient, descriptions: Map<string, string>): Promise<BinaryFacts['machines']> {
  return machineList.parse(await qmp.execute('query-machines')).map((machine) => ({
    name: machine.name,
    description: descriptions.get(machine.name) ?? machine.name,
    ...(machine.alias === undefined ? {} : { alias: machine.alias }),
    ...(machine['default-cpu-type'] === undefined ? {} : { defaultCpu: machine['default-cpu-type'] }),
    maxVcpus: machine['cpu-max'],
    deprecated: machine.deprecated,
  }));
}

const cpuList = z.array(
  z.object({ name: z.string(), typename: z.string(), deprecated: z.boolean().default(false) }),
);

const expansion = z.object({ model: z.object({ props: z.record(z.string(), z.unknown()).default({}) }) });

/** A model is 64-bit exactly when it has the property `aarch64` (QEMU target/arm/arm-qmp-cmds.c). */
async function cpuBits(qmp: QmpClient, name: string): Promise<32 | 64 | null> {
  try {
    const answer = await qmp.execute('query-cpu-model-expansion', { type: 'full', model: { name } });
    return 'aarch64' in expansion.parse(answer).model.props ? 64 : 32;
  } catch (error) {
    if (error instanceof QmpRefusal) return null; // `host` without the accelerator that it needs
    throw error;
  }
}

async function cpus(qmp: QmpClient): Promise<BinaryFacts['cpus']> {
  const models = cpuList.parse(await qmp.execute('query-cpu-definitions'));
  const made = models.map(async (model) => ({ ...model, bits: await cpuBits(qmp, model.name) }));
  return (await Promise.all(made)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

const typeList = z.array(z.object({ name: z.string() }));

async function builtAccelerators(qmp: QmpClient): Promise<BinaryFacts['builtAccelerators']> {
  const types = typeList.parse(await qmp.execute('qom-list-types', { implements: 'accel' }));
  const names = new Set(types.map(({ name }) => name));
  return accelerator.options.filter((name) => names.has(`${name}-accel`));
}

const capabilityList = z.array(z.object({ capability: z.string() }));
const optionGroups = z.array(z.object({ option: z.string() }));
const schema = z.array(
  z.looseObject({
    name: z.string(),
    'arg-type': z.string().optional(),
    members: z.array(z.looseObject({ name: z.string().optional(), type: z.string().optional() })).optional(),
    values: z.array(z.string()).optional(),
  }),
);

/** The values of the enumeration `member` of a command's arguments, from QMP's description of itself. */
function enumValues(entities: z.infer<typeof schema>, command: string, member: string): string[] {
  const byName = new Map(entities.map((entity) => [entity.name, entity]));
  const args = byName.get(byName.get(command)?.['arg-type'] ?? '');
  const type = args?.members?.find(({ name }) => name === member)?.type;
  return byName.get(type ?? '')?.values ?? [];
}

async function features(qmp: QmpClient): Promise<QemuFeature[]> {
  const [groups, capabilities, entities] = await Promise.all([
    qmp.execute('query-command-line-options').then((answer) => optionGroups.parse(answer)),
    qmp.execute('query-migrate-capabilities').then((answer) => capabilityList.parse(answer)),
    qmp.execute('query-qmp-schema').then((answer) => schema.parse(answer)),
  ]);
  const there: Record<QemuFeature, boolean> = {
    sandbox: groups.some(({ option }) => option === 'sandbox'),
    'user-network': enumValues(entities, 'netdev_add', 'type').includes('user'),
    'mapped-ram': capabilities.some(({ capability }) => capability === 'mapped-ram'),
  };
  return qemuFeature.options.filter((name) => there[name]);
}

async function ask(path: string, qmp: QmpClient): Promise<BinaryFacts> {
  const version = versionOf(qmp.greeting);
  if (isOldVersion(version)) throw tooOldFault(path, version);
  const [machineHelp, dataDirHelp, devices, accelerators, models, abilities] = await Promise.all([
    printed(path, ['-machine', 'help']),
    printed(path, ['-L', 'help']),
    qmp.execute<string>('human-monitor-command', { 'command-line': 'info qdm' }),
    builtAccelerators(qmp),
    cpus(qmp),
    features(qmp),
  ]);
  return {
    version,
    machines: await machines(qmp, parseDescriptions(machineHelp)),
    cpus: models,
    builtAccelerators: accelerators,
    devices: parseUserDevices(devices),
    features: abilities,
    dataDirs: dataDirHelp.split('\n').filter((line) => line !== ''),
  };
}

/**
 * Starts the binary without a machine and asks it over QMP (about 0.15 s). Throws `Fault` qemu-too-old, or
 * qemu-broken for what is not a QEMU, does not start, or does not answer.
 */
export async function probeBinary(path: string): Promise<BinaryFacts> {
  const words = ['-M', 'none', '-nodefaults', '-no-user-config', '-display', 'none', '-qmp', 'stdio'];
  const asked = await askQemu(path, words, patienceMs, (qmp) => ask(path, qmp));
  if (asked.ok) return asked.answer;
  const { error, stderr } = asked;
  if (error instanceof Fault && error.code === 'qemu-too-old') throw error;
  throw brokenFault(path, stderr.trim() || String(error), error);
}
