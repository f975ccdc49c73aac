import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CATALOGUE, type CatalogueEntry } from './catalogue.ts';
import { folderOf } from './image-folder.ts';
import { makeBuild } from './make-build.ts';

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync('/tmp/berth-image-');
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const entry = (name: string): CatalogueEntry => {
  const found = CATALOGUE.find((one) => one.name === name);
  if (!found) throw new Error(`${name} is not in the catalogue`);
  return found;
};
const quiet = () => ({
  signal: new AbortController().signal,
  progress: (_: number) => undefined,
  message: (_: string) => undefined,
  output: (_: string) => undefined,
  keepFromPrograms: async () => undefined,
});
const inRoot = (rootfs: string, ...command: string[]) =>
  execFileSync('chroot', [rootfs, ...command], { encoding: 'utf8' });

test('mini has a working BusyBox, init, and root’s password locked', async () => {
  const { build, sizeBytes } = await makeBuild(dataDir, entry('berth/mini'), quiet());
  const rootfs = join(folderOf(dataDir, 'berth/mini'), build, 'rootfs');
  expect(sizeBytes).toBeGreaterThan(1_000_000);
  expect(inRoot(rootfs, '/bin/sh', '-c', 'echo $((6*7)); id -un')).toBe('42\nroot\n');
  for (const tool of ['ip', 'top', 'vi', 'ps', 'httpd', 'getty', 'syslogd', 'crond', 'login']) {
    expect(inRoot(rootfs, '/bin/sh', '-lc', `command -v ${tool}`).trim(), tool).toContain(tool);
  }
  for (const script of ['stop-services', 'stop-guest', 'console-login', 'serve']) {
    inRoot(rootfs, '/bin/sh', '-n', `/sbin/${script}`);
  }
  expect(readFileSync(join(rootfs, 'etc/shadow'), 'utf8')).toMatch(/^root:\*:/);
  expect(lstatSync(join(rootfs, 'bin/busybox')).uid).toBe(0);
});

test('a cancelled Debian build leaves no folder and no process', async () => {
  const cancel = new AbortController();
  let printed = '';
  const building = makeBuild(dataDir, entry('debian/12'), {
    ...quiet(),
    signal: cancel.signal,
    output: (text) => {
      printed += text;
      if (printed.includes('extracting archives')) cancel.abort(new Error('enough'));
    },
  });
  await expect(building).rejects.toThrow('enough');
  expect(printed).toContain('extracting archives');
  expect(readdirSync(folderOf(dataDir, 'debian/12'))).toEqual([]);
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(dataDir);
  const running = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const ours = running.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataDir);
    } catch {
      return false;
    }
  });
  expect(ours).toEqual([]);
});

test('Debian is whole, fit for guests, and knows nothing of the host', async () => {
  const fractions: number[] = [];
  const { build } = await makeBuild(dataDir, entry('debian/12'), {
    ...quiet(),
    progress: (fraction) => fractions.push(fraction),
  });
  const rootfs = join(folderOf(dataDir, 'debian/12'), build, 'rootfs');
  expect(readFileSync(join(rootfs, 'etc/machine-id'), 'utf8')).toBe('');
  expect(readFileSync(join(rootfs, 'etc/hostname'), 'utf8')).toBe('debian\n');
  expect(readFileSync(join(rootfs, 'etc/shadow'), 'utf8')).toMatch(/^root:\*:/m);
  expect(readlinkSync(join(rootfs, 'etc/systemd/system/systemd-networkd.service'))).toBe('/dev/null');
  expect(inRoot(rootfs, '/usr/bin/dpkg', '-s', 'systemd-sysv')).toContain('installed');
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  expect(fractions.at(-1)).toBe(1);
});
