// The initramfs of the test guests: busybox, a few modules, and an init that ends in a shell on the console.
import { gzipSync } from 'node:zlib';
import { type CpioEntry, cpioArchive } from './cpio.ts';
import { formatModulesAlias, formatModulesDep, type ModuleInfo, moduleName } from './kernel-modules.ts';
import { parentPaths } from './parent-paths.ts';

/** Drivers loaded when their device is there: what the boards' disks, networks and consoles need. */
export const autoloadModules: readonly string[] = [
  'virtio_mmio',
  'virtio_blk',
  'virtio_net',
  'virtio_scsi',
  'sd_mod',
  'sr_mod',
  'virtio-rng',
  'nvme',
  'ahci',
  'usb-storage',
  'sdhci-of-arasan',
  'macb',
  'e1000e',
];

/** Loaded on demand: file systems by mount, the rest with modprobe. */
export const onDemandModules: readonly string[] = [
  'ext4',
  'vfat',
  'nls_cp437',
  'nls_ascii',
  'isofs',
  '9p',
  '9pnet_virtio',
  'virtio_input',
  'virtio-gpu',
  'usbhid',
  'evdev',
];

/** `count` prints a numbered line every 0.1 s, so that a gap or a repeat on the console shows. */
const countScript = `#!/bin/sh
n=0
while :; do
  echo "count $n"
  n=$((n + 1))
  sleep 0.1
done
`;

const udhcpcScript = `#!/bin/sh
case $1 in
  deconfig) ip link set "$interface" up ;;
  bound | renew)
    ip addr flush dev "$interface"
    ip addr add "$ip/\${mask:-24}" dev "$interface"
    [ -z "$router" ] || ip route replace default via "\${router%% *}" dev "$interface"
    for server in $dns; do echo "nameserver $server"; done > /etc/resolv.conf
    ;;
esac
`;

// The second pass finds what hangs off a bus that the first pass's drivers brought (virtio-mmio, virtio-scsi).
const initScript = `#!/bin/sh
export PATH=/bin:/sbin:/usr/bin:/usr/sbin HOME=/root TERM=vt100
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /tmp
coldplug() {
  cat /sys/bus/*/devices/*/modalias 2> /dev/null | sort -u | xargs modprobe -a -q > /dev/null 2>&1
}
coldplug
coldplug
ip link set lo up
echo 'armoire-guest ready'
case " $(cat /proc/cmdline) " in
  *' count '*) count & ;;
esac
cd "$HOME"
console=$(cat /sys/class/tty/console/active)
console=/dev/\${console##* }
[ -c "$console" ] || console=/dev/console
while :; do
  # A session of its own on the real tty (not /dev/console) is what gives the shell job control.
  setsid sh -c "exec sh -i < $console > $console 2>&1"
done
`;

export interface InitramfsModule extends ModuleInfo {
  /** Relative to /lib/modules/<release>, as in the package. */
  path: string;
  /** As in the package: compressed ones are unpacked when loaded, which keeps the archive small. */
  content: Uint8Array;
}

export interface InitramfsParts {
  busybox: Uint8Array;
  kernelRelease: string;
  modules: readonly InitramfsModule[];
}

/** Applets are found through these links; `busybox --install` would cost a run of it in the guest at every boot. */
function appletLinks(applets: readonly string[]): CpioEntry[] {
  // It lists itself too; that link would replace the program.
  const others = applets.filter((applet) => applet !== 'busybox');
  return others.map((applet) => ({ kind: 'symlink', path: `bin/${applet}`, target: 'busybox' }));
}

/** Everything that decides what the archive holds, for change detection. */
export const initramfsRecipe = [
  initScript,
  countScript,
  udhcpcScript,
  ...autoloadModules,
  ...onDemandModules,
].join('\n');

const autoloaded = new Set(autoloadModules.map(moduleName));

/** Drivers on demand keep only names that are no device's (`fs-vfat`), so that nothing loads them unasked. */
function withKeptAliases(module: ModuleInfo): ModuleInfo {
  if (autoloaded.has(module.name)) return module;
  return { ...module, aliases: module.aliases.filter((alias) => !alias.includes(':')) };
}

/** A gzip-compressed initramfs. `applets` are busybox's commands to link. */
export function guestInitramfs(parts: InitramfsParts, applets: readonly string[]): Buffer {
  const moduleRoot = `lib/modules/${parts.kernelRelease}`;
  const pathOf = (name: string) => parts.modules.find((module) => module.name === name)?.path ?? name;
  const file = (path: string, content: string | Uint8Array, mode = 0o644): CpioEntry => ({
    kind: 'file',
    path,
    content: typeof content === 'string' ? Buffer.from(content) : content,
    mode,
  });
  const files = [
    file('init', initScript, 0o755),
    file('bin/busybox', parts.busybox, 0o755),
    file('bin/count', countScript, 0o755),
    file('etc/udhcpc/default.script', udhcpcScript, 0o755),
    file('etc/passwd', 'root::0:0:root:/root:/bin/sh\n'),
    file('etc/group', 'root:x:0:\n'),
    file(`${moduleRoot}/modules.dep`, formatModulesDep(parts.modules, pathOf)),
    file('etc/filesystems', 'ext4\nvfat\niso9660\n'),
    file(
      `${moduleRoot}/modules.alias`,
      formatModulesAlias(parts.modules.map((module) => withKeptAliases(module))),
    ),
    ...parts.modules.map((module) => file(`${moduleRoot}/${module.path}`, module.content)),
  ];
  const mountPoints = ['dev', 'proc', 'sys', 'tmp', 'root', 'run', 'mnt', 'sbin', 'usr/bin', 'usr/sbin'];
  const directories = parentPaths([
    ...files.map((entry) => entry.path),
    ...mountPoints.map((directory) => `${directory}/any`),
  ]);
  const archive = cpioArchive([
    ...directories.map((path): CpioEntry => ({ kind: 'directory', path })),
    // The kernel opens it as init's standard input and output before devtmpfs is there.
    { kind: 'character-device', path: 'dev/console', major: 5, minor: 1 },
    { kind: 'symlink', path: 'sbin/modprobe', target: '../bin/busybox' },
    ...files,
    ...appletLinks(applets),
  ]);
  return gzipSync(archive, { level: 9 });
}
