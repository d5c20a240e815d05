// Images that would make QEMU open something else, or believe something absurd: made with qemu-img, or byte by byte.
import { open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { qemuEnvironment } from '../qemu/process-environment.ts';

export interface Attack {
  /** The image's file name. */
  name: string;
  /** What the refusal says. */
  says: RegExp;
}

/** What the images point at; an import must open none of these. */
export const bystanders = ['secret.raw', 'base.qcow2', 'base.vhd', 'loop-b.qcow2'];

/** Fills the directory. Every attack is an image in it, and so are the bystanders. */
export async function makeAttackImages(directory: string, imgPath: string): Promise<Attack[]> {
  const at = (name: string) => path.join(directory, name);
  const img = (...args: string[]) => execa(imgPath, args, { env: qemuEnvironment(), extendEnv: false });
  const child = (name: string, backing: string, format: string) =>
    img('create', '-q', '-u', '-f', 'qcow2', '-b', backing, '-F', format, at(name), '1M');
  await writeFile(at('secret.raw'), Buffer.alloc(65536, 'secret'));
  await img('create', '-q', '-f', 'qcow2', at('base.qcow2'), '1M');

  await child('backing.qcow2', at('base.qcow2'), 'qcow2');
  await child('backing-raw.qcow2', at('secret.raw'), 'raw');
  await child('backing-passwd.qcow2', '/etc/passwd', 'raw');
  await child('backing-json.qcow2', `json:{"driver":"file","filename":"${at('secret.raw')}"}`, 'raw');
  await child('backing-nbd.qcow2', 'nbd://127.0.0.1:10809/export', 'raw');
  await child('backing-ssh.qcow2', 'ssh://user@127.0.0.1/etc/passwd', 'raw');
  await child('self.qcow2', `${directory}/./self.qcow2`, 'qcow2');
  await child('loop-a.qcow2', at('loop-b.qcow2'), 'qcow2');
  await child('loop-b.qcow2', at('loop-a.qcow2'), 'qcow2');
  await img(
    'create',
    '-q',
    '-f',
    'qcow2',
    '-o',
    `data_file=${at('outside.raw')}`,
    at('data-file.qcow2'),
    '1M',
  );
  await img('create', '-q', '-f', 'qcow2', at('huge.qcow2'), '1M');
  await patch(at('huge.qcow2'), 24, u64be(60n << 40n));

  await img('create', '-q', '-f', 'vmdk', '-o', 'subformat=monolithicFlat', at('flat.vmdk'), '1M');
  await writeFile(at('extent.vmdk'), vmdkDescriptor(`RW 128 FLAT "${at('secret.raw')}" 0`));
  await writeFile(at('extent-nbd.vmdk'), vmdkDescriptor('RW 128 FLAT "nbd://127.0.0.1:10809/x" 0'));
  await img('create', '-q', '-f', 'vmdk', at('parent.vmdk'), '1M');
  await replaceText(at('parent.vmdk'), 'parentCID=ffffffff', 'parentCID=12345678');
  // Capacity 0: QEMU reads the list of extents instead of the data that follows.
  await img('create', '-q', '-f', 'vmdk', at('capacity.vmdk'), '1M');
  await patch(at('capacity.vmdk'), 12, Buffer.alloc(8));

  await img('create', '-q', '-f', 'vdi', at('type.vdi'), '1M');
  await patch(at('type.vdi'), 0x4c, Buffer.from([4, 0, 0, 0]));
  await img('create', '-q', '-f', 'vdi', at('parent.vdi'), '1M');
  await patch(at('parent.vdi'), 0x1b8, Buffer.alloc(16, 0x11));
  await img('create', '-q', '-f', 'vdi', at('huge.vdi'), '1M');
  await patch(at('huge.vdi'), 0x170, Buffer.from(u64be(60n << 40n)).reverse());

  await img('create', '-q', '-f', 'vhdx', at('parent.vhdx'), '1M');
  await setHasParent(at('parent.vhdx'));
  await img('create', '-q', '-f', 'vhdx', at('cut.vhdx'), '1M');
  await writeFile(at('cut.vhdx'), (await readFile(at('cut.vhdx'))).subarray(0, 200 * 1024));

  await img('create', '-q', '-f', 'vpc', at('base.vhd'), '1M');
  await img('create', '-q', '-f', 'vpc', at('differencing.vhd'), '1M');
  const vhd = await readFile(at('differencing.vhd'));
  for (const start of [0, vhd.length - 512]) vhd.writeUInt32BE(4, start + 60);
  await writeFile(at('differencing.vhd'), vhd);

  await img('create', '-q', '-u', '-f', 'qed', '-b', at('secret.raw'), '-F', 'raw', at('backing.qed'), '1M');
  await img(
    'create',
    '-q',
    '-u',
    '-f',
    'qcow',
    '-b',
    at('secret.raw'),
    '-F',
    'raw',
    at('backing.qcow'),
    '1M',
  );

  return [
    { name: 'backing.qcow2', says: /based on another file/ },
    { name: 'backing-raw.qcow2', says: /based on another file/ },
    { name: 'backing-passwd.qcow2', says: /based on another file.*passwd/ },
    { name: 'backing-json.qcow2', says: /based on a description of any kind of source/ },
    { name: 'backing-nbd.qcow2', says: /based on another place by a protocol/ },
    { name: 'backing-ssh.qcow2', says: /based on another place by a protocol/ },
    { name: 'self.qcow2', says: /based on another file/ },
    { name: 'loop-a.qcow2', says: /based on another file/ },
    { name: 'data-file.qcow2', says: /keeps its data in another file/ },
    { name: 'huge.qcow2', says: /60 TiB/ },
    { name: 'flat.vmdk', says: /lists other files/ },
    { name: 'extent.vmdk', says: /lists other files/ },
    { name: 'extent-nbd.vmdk', says: /lists other files/ },
    { name: 'parent.vmdk', says: /based on another image/ },
    { name: 'capacity.vmdk', says: /lists other files/ },
    { name: 'type.vdi', says: /based on another image/ },
    { name: 'parent.vdi', says: /based on another image/ },
    { name: 'huge.vdi', says: /60 TiB/ },
    { name: 'parent.vhdx', says: /based on another image/ },
    { name: 'cut.vhdx', says: /cut off or damaged/ },
    { name: 'differencing.vhd', says: /based on another image/ },
    { name: 'backing.qed', says: /based on another file/ },
    { name: 'backing.qcow', says: /based on another file/ },
  ];
}

function u64be(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

async function patch(file: string, position: number, bytes: Buffer): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(bytes, 0, bytes.length, position).finally(() => handle.close());
}

async function replaceText(file: string, before: string, after: string): Promise<void> {
  const bytes = await readFile(file);
  const position = bytes.indexOf(before);
  if (position === -1) throw new Error(`${file} does not hold ${before}`);
  await patch(file, position, Buffer.from(after));
}

const vmdkDescriptor = (extent: string) =>
  `# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType="monolithicFlat"\n\n${extent}\n`;

/** File parameters: block size, then flags, of which the second says that there is a parent. */
async function setHasParent(file: string): Promise<void> {
  const bytes = await readFile(file);
  const id = Buffer.from('3767a1ca36fa434db3b633f0aa44e76b', 'hex');
  const table = bytes.indexOf('metadata', 256 * 1024, 'latin1');
  const entry = bytes.indexOf(id, table);
  if (table === -1 || entry === -1) throw new Error('no metadata in the VHDX');
  const flagsAt = table + bytes.readUInt32LE(entry + 16) + 4;
  await patch(file, flagsAt, Buffer.from([bytes.readUInt32LE(flagsAt) | 2, 0, 0, 0]));
}
