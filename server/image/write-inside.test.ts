import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeInside } from './write-inside.ts';

let folder: string;
let rootfs: string;
let outside: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-inside-'));
  [rootfs, outside] = [join(folder, 'rootfs'), join(folder, 'outside')];
  for (const path of [rootfs, outside]) mkdirSync(path);
  writeFileSync(join(outside, 'file'), 'of the host');
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = { path: 'etc/deep/file', text: 'ours\n', mode: 0o600 };
const untouched = () => {
  expect(readdirSync(outside)).toEqual(['file']);
  expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('of the host');
};

test('makes folders, writes with the mode, and replaces what is there', async () => {
  await writeInside(rootfs, file);
  await writeInside(rootfs, { ...file, text: 'new\n' });
  expect(readFileSync(join(rootfs, file.path), 'utf8')).toBe('new\n');
  expect(lstatSync(join(rootfs, file.path)).mode & 0o7777).toBe(0o600);
  await writeInside(rootfs, { path: 'etc/deep/link', target: '/dev/null' });
  expect(readlinkSync(join(rootfs, 'etc/deep/link'))).toBe('/dev/null');
});

test('a link in place of the file is replaced, not followed', async () => {
  mkdirSync(join(rootfs, 'etc/deep'), { recursive: true });
  symlinkSync(join(outside, 'file'), join(rootfs, file.path));
  await writeInside(rootfs, file);
  expect(readFileSync(join(rootfs, file.path), 'utf8')).toBe('ours\n');
  untouched();
});

test.each([
  ['etc', '/etc'],
  ['etc/deep', '/etc/deep'],
])('a link in place of the folder %s is refused by name', async (path, name) => {
  if (path !== 'etc') mkdirSync(join(rootfs, 'etc'));
  symlinkSync(outside, join(rootfs, path));
  await expect(writeInside(rootfs, file)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining(`its ${name} is a link`),
  });
  untouched();
  // The control: by path it is written outside.
  mkdirSync(join(rootfs, 'etc/deep'), { recursive: true });
  writeFileSync(join(rootfs, file.path), 'followed');
  const reached = path === 'etc' ? join(outside, 'deep/file') : join(outside, 'file');
  expect(readFileSync(reached, 'utf8')).toBe('followed');
});
