// Finds the QEMU to use: the first candidate that works, with a reason for each that does not.

import { Fault, toFaultData } from '../contract/fault.ts';
import type { Settings } from '../contract/host.ts';
import type { QemuCandidate, QemuCapabilities, QemuReport } from '../contract/qemu.ts';
import { reportAccelerators } from './accelerators.ts';
import { findCandidates, findQemuImg, type Place } from './candidates.ts';
import { readFirmware } from './firmware.ts';
import {
  type BinaryFacts,
  brokenFault,
  isOldVersion,
  probeBinary,
  readVersion,
  tooOldFault,
} from './probe.ts';
import {
  type BinaryIdentity,
  readIdentity,
  recallFacts,
  rememberFacts,
  sameIdentity,
} from './probe-cache.ts';

export type QemuSettings = Pick<Settings, 'qemuOrder' | 'qemuPath'>;

export interface QemuFinderOptions {
  resourcesDir: string;
  cacheDir: string;
  settings: () => QemuSettings;
  /** The directories to search for a system's QEMU; the environment's PATH when left out. */
  searchPath?: string;
}

export interface QemuFinder {
  /** Every QEMU that was found, and the one in use. `refresh` asks the binaries again. */
  report(options?: { refresh?: boolean }): Promise<QemuReport>;
  /** The one in use. Throws `Fault` qemu-missing, qemu-too-old or qemu-broken. The same object while nothing changes. */
  require(): Promise<QemuCapabilities>;
}

interface Choice {
  settings: QemuSettings;
  /** Of the one in use. */
  identity: BinaryIdentity | null;
  /** Candidates up to the one in use; those after it are not examined before someone asks. */
  examined: QemuCandidate[];
  remaining: Place[];
  inUse: QemuCapabilities | null;
}

const missing = new Fault({
  code: 'qemu-missing',
  message: 'No QEMU for ARM guests was found on this computer.',
  remedy: 'Install QEMU (the package with qemu-system-aarch64), or name its path in the settings.',
});

function notThere(path: string): Fault {
  return new Fault({
    code: 'qemu-missing',
    message: `There is no program at ${path}, which the settings name as QEMU.`,
    remedy: 'Correct the path in the settings, or take it out there.',
  });
}

/** Another candidate is not tried behind the user's back when the one that they named does not work. */
const isFinal = (place: Place) => place.origin === 'setting';

export function createQemuFinder(options: QemuFinderOptions): QemuFinder {
  let known: Promise<Choice> | undefined;

  async function factsOf(identity: BinaryIdentity, refresh: boolean): Promise<BinaryFacts> {
    const recalled = refresh ? undefined : await recallFacts(options.cacheDir, identity);
    if (recalled) return recalled;
    const facts = await probeBinary(identity.path);
    await rememberFacts(options.cacheDir, identity, facts);
    return facts;
  }

  async function capabilities(
    { path, origin }: Place,
    identity: BinaryIdentity,
    refresh: boolean,
  ): Promise<QemuCapabilities> {
    const { builtAccelerators, dataDirs, ...facts } = await factsOf(identity, refresh);
    const [accelerators, firmware, imgPath] = await Promise.all([
      reportAccelerators(builtAccelerators),
      readFirmware(dataDirs),
      findQemuImg(path, process.platform),
    ]);
    return { path, origin, ...facts, accelerators, firmware, ...(imgPath === undefined ? {} : { imgPath }) };
  }

  async function choose(settings: QemuSettings, refresh: boolean): Promise<Choice> {
    const { platform, arch } = process;
    const searchPath = options.searchPath ?? process.env.PATH ?? '';
    const places = await findCandidates(
      { platform, arch, searchPath, resourcesDir: options.resourcesDir },
      settings,
    );
    const examined: QemuCandidate[] = [];
    for (const [index, place] of places.entries()) {
      const identity = await readIdentity(place.path);
      try {
        if (!identity) throw notThere(place.path);
        const inUse = await capabilities(place, identity, refresh);
        examined.push({ ...place, version: inUse.version });
        return { settings, identity, examined, remaining: places.slice(index + 1), inUse };
      } catch (error) {
        examined.push(await rejected(place, error));
        if (isFinal(place))
          return { settings, identity, examined, remaining: places.slice(index + 1), inUse: null };
      }
    }
    return { settings, identity: null, examined, remaining: [], inUse: null };
  }

  async function isCurrent(choice: Choice): Promise<boolean> {
    const { qemuOrder, qemuPath } = options.settings();
    if (qemuOrder !== choice.settings.qemuOrder || qemuPath !== choice.settings.qemuPath) return false;
    // Without one in use, a QEMU may have been installed since.
    if (!choice.identity || !choice.inUse) return false;
    const now = await readIdentity(choice.identity.path);
    return now !== null && sameIdentity(now, choice.identity);
  }

  async function current(refresh: boolean): Promise<Choice> {
    const before = known;
    const choice = await before?.catch(() => undefined);
    if (choice && !refresh && (await isCurrent(choice))) return choice;
    // Someone else may have asked meanwhile: one search serves both.
    if (known === before) known = undefined;
    known ??= choose({ ...options.settings() }, refresh);
    return known;
  }

  return {
    async report({ refresh = false } = {}) {
      const { examined, remaining, inUse } = await current(refresh);
      const candidates = [...examined, ...(await Promise.all(remaining.map(glance)))];
      return inUse ? { inUse, candidates } : { inUse, candidates, fault: whyNone(examined).data };
    },
    async require() {
      const { inUse, examined } = await current(false);
      if (!inUse) throw whyNone(examined);
      return inUse;
    },
  };
}

/** The first candidate is the one that the user meant: its reason counts. */
function whyNone(examined: readonly QemuCandidate[]): Fault {
  const fault = examined[0]?.fault;
  return fault ? new Fault(fault) : missing;
}

async function rejected(place: Place, error: unknown): Promise<QemuCandidate> {
  const fault = error instanceof Fault ? error : brokenFault(place.path, String(error), error);
  const version =
    fault.code === 'qemu-too-old' ? await readVersion(place.path).catch(() => undefined) : undefined;
  return { ...place, ...(version ? { version } : {}), fault: toFaultData(fault) };
}

/** A candidate that is not in use: its version, and why it could not be. */
async function glance(place: Place): Promise<QemuCandidate> {
  try {
    const version = await readVersion(place.path);
    return isOldVersion(version)
      ? { ...place, version, fault: tooOldFault(place.path, version).data }
      : { ...place, version };
  } catch (error) {
    return rejected(place, error);
  }
}
