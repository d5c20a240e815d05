// Where Armoire keeps things on this computer.
import path from 'node:path';

export interface Directories {
  /** The VMs. */
  library: string;
  /** Settings. */
  config: string;
  /** What can be made again: probes of QEMU, downloads to be fetched. */
  cache: string;
  /** Sockets, pipes and other passing things of running VMs. */
  runtime: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** sun_path holds 108 bytes on Linux and 104 on macOS; below the runtime directory follow a VM's id and a name. */
const longestRuntimeDirectory = 104 - '/12345678-1234-1234-1234-123456789abc/monitor.sock'.length - 1;

/**
 * The platform's own places, each overridable by ARMOIRE_LIBRARY, ARMOIRE_CONFIG, ARMOIRE_CACHE, ARMOIRE_RUNTIME.
 * The runtime directory is not XDG_RUNTIME_DIR: that one disappears when the user logs out, and a VM that
 * outlives the session could never be reached again.
 */
export function defaultDirectories(env: Environment, platform: NodeJS.Platform, home: string): Directories {
  const places = platform === 'darwin' ? macPlaces(home) : xdgPlaces(env, home);
  const directories = {
    library: env.ARMOIRE_LIBRARY || places.library,
    config: env.ARMOIRE_CONFIG || places.config,
    cache: env.ARMOIRE_CACHE || places.cache,
    runtime: env.ARMOIRE_RUNTIME || places.runtime,
  };
  return {
    library: path.resolve(directories.library),
    config: path.resolve(directories.config),
    cache: path.resolve(directories.cache),
    runtime: shortRuntime(path.resolve(directories.runtime), env),
  };
}

function xdgPlaces(env: Environment, home: string): Directories {
  // The XDG specification: a relative path is to be ignored.
  const place = (variable: string, fallback: string) => {
    const value = env[variable];
    return value && path.isAbsolute(value) ? value : path.join(home, fallback);
  };
  return {
    library: path.join(place('XDG_DATA_HOME', '.local/share'), 'armoire', 'library'),
    config: path.join(place('XDG_CONFIG_HOME', '.config'), 'armoire'),
    cache: path.join(place('XDG_CACHE_HOME', '.cache'), 'armoire'),
    runtime: path.join(place('XDG_STATE_HOME', '.local/state'), 'armoire', 'run'),
  };
}

function macPlaces(home: string): Directories {
  const support = path.join(home, 'Library', 'Application Support', 'Armoire');
  return {
    library: path.join(support, 'library'),
    config: path.join(support, 'config'),
    cache: path.join(home, 'Library', 'Caches', 'Armoire'),
    runtime: path.join(home, '.armoire', 'run'),
  };
}

function shortRuntime(wanted: string, env: Environment): string {
  if (env.ARMOIRE_RUNTIME || Buffer.byteLength(wanted) <= longestRuntimeDirectory) return wanted;
  return `/tmp/armoire-${process.getuid?.() ?? 0}`;
}

/** Further directories whose files may be used from a browser: ARMOIRE_FILES, separated as in PATH. */
export function extraFileRoots(env: Environment): string[] {
  return (env.ARMOIRE_FILES ?? '').split(path.delimiter).filter((entry) => path.isAbsolute(entry));
}
