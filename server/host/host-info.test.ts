import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { instanceOf } from '../instance/instance.ts';
import { FakeRuntime } from '../runtime/fake.ts';
import { hostBounds } from './host-bounds.ts';
import { distributionName, HostInfo } from './host-info.ts';

test('reads the name of the distribution as os-release(5) quotes it', () => {
  expect(distributionName('ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')).toBe(
    'Debian GNU/Linux 12 (bookworm)',
  );
  expect(distributionName("PRETTY_NAME='Void'")).toBe('Void');
  expect(distributionName('PRETTY_NAME="a \\"b\\""')).toBe('a "b"');
  expect(distributionName('ID=x')).toBe('Linux');
});

test('bounds are what proc(5) tells', () => {
  const root = mkdtempSync(join(tmpdir(), 'berth-host-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'proc/sys/kernel'), { recursive: true });
  writeFileSync(join(root, 'proc/meminfo'), 'MemTotal:        8000000 kB\nSwapTotal:          1024 kB\n');
  writeFileSync(join(root, 'proc/sys/kernel/pid_max'), '32768\n');
  expect(hostBounds(root)).toMatchObject({ memory: 8_192_000_000, swap: 1_048_576, pids: 32_768 });
});

test('the host is read once for many who ask within a second, features once for all', async () => {
  const runtime = new FakeRuntime();
  const instance = instanceOf({ slot: 9, id: '0123456789abcdef', dataDir: tmpdir() });
  const host = new HostInfo({ runtime, instance }, { version: '1.2.3', dns: () => true });
  const [one, two] = await Promise.all([host.read(), host.read()]);
  expect(one).toBe(two);
  expect(one).toMatchObject({ version: '1.2.3', network: { bridge: 'berth9', dns: true } });
  expect(one.storage.size).toBeGreaterThan(one.storage.free);
  expect(runtime.calls).toEqual(['describeHost']);
});

test('a failure is not kept', async () => {
  const runtime = new FakeRuntime();
  runtime.failures.set('describeHost', new Error('no cgroups'));
  const instance = instanceOf({ slot: 9, id: '0123456789abcdef', dataDir: tmpdir() });
  const host = new HostInfo({ runtime, instance }, { version: '1', dns: () => false });
  await expect(host.read()).rejects.toThrow('no cgroups');
  await expect(host.read()).resolves.toMatchObject({ version: '1' });
});
