// Images that attack: each is refused with its reason before qemu-img sees it, plain and packed, and nothing is left.
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { expect, test } from 'vitest';
import { faultOf, inTemporaryDirectory, testQemu } from '../qemu/testing.ts';
import { bystanders, makeAttackImages } from './attack-images.fixture.ts';
import { importImage } from './import.ts';

test('every attack is refused with its reason, plain and packed', () =>
  inTemporaryDirectory(async (directory) => {
    const imgPath = (await testQemu()).imgPath ?? '';
    const attacks = await makeAttackImages(directory, imgPath);
    const before = await Promise.all(bystanders.map((name) => readFile(path.join(directory, name))));
    const there = await readdir(directory);
    // It would fail in another way if it were started.
    const options = { imgPath: '/nonexistent/qemu-img', format: 'qcow2' as const };
    const target = path.join(directory, 'copy.qcow2');
    for (const { name, says } of attacks) {
      const source = path.join(directory, name);
      const fault = await faultOf(importImage(source, target, options));
      expect([name, fault.code], fault.message).toEqual([name, 'image-refused']);
      expect(fault.message).toMatch(says);
    }
    expect(await readdir(directory)).toEqual(there);
    for (const { name, says } of attacks) {
      const packed = path.join(directory, `${name}.gz`);
      await pipeline(createReadStream(path.join(directory, name)), createGzip(), createWriteStream(packed));
      const fault = await faultOf(importImage(packed, target, options));
      expect([name, fault.code], fault.message).toEqual([name, 'image-refused']);
      expect(fault.message).toMatch(says);
      expect(fault.message).toContain(`${name}.gz`);
    }
    expect((await readdir(directory)).filter((name) => /copy|partial/.test(name))).toEqual([]);
    const after = await Promise.all(bystanders.map((name) => readFile(path.join(directory, name))));
    expect(after.every((bytes, index) => bytes.equals(before[index] ?? Buffer.alloc(0)))).toBe(true);
  }));
