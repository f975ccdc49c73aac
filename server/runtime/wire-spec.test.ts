import { expect, test } from 'vitest';
import { specFields } from '../../native/protocol/wire.ts';
import { DEFAULT_ISOLATION } from '../guest/isolation-schema.ts';
import { MORE_LIMITS } from '../guest/schema.ts';
import { instanceOf } from '../instance/instance.ts';
import type { GuestSpec } from './port.ts';
import { wireSpec } from './wire-spec.ts';

const instance = instanceOf({ slot: 5, id: '0123456789abcdef', dataDir: '/data' });
const spec: GuestSpec = {
  id: 'abc',
  hostname: 'brave-otter',
  kind: 'application',
  imageRoot: '/data/images/berth/mini/b1/rootfs',
  guestDir: '/data/guests/abc',
  command: ['/bin/httpd', '-f'],
  environment: { PATH: '/bin', EMPTY: '' },
  workdir: '/',
  idBase: 268_435_456,
  user: null,
  isolation: { ...DEFAULT_ISOLATION, namespaces: [], lxcfsRoot: null },
  hooks: [],
  limits: { ...MORE_LIMITS, cpu: 1.5, memory: 1024, swap: 0, pids: 512 },
  network: {
    bridge: 'berth5',
    link: 'bv5-abc',
    mac: '02:00:00:00:00:01',
    ipv4: '10.209.80.2/20',
    ipv4Gateway: '10.209.80.1',
    ipv6: 'fd01::2/64',
    ipv6Gateway: 'fd01::1',
  },
  resolvConf: 'nameserver 10.209.80.1\n',
  stopSignal: 'SIGTERM',
  stopTimeoutMs: 10_000,
};

function values(of: GuestSpec, key: string): string[] {
  return wireSpec(of, { instance, nativeDir: '/native' }).flatMap(([name, value]) =>
    name === key ? [value] : [],
  );
}

test('everything that the wire requires is there, once unless it is a list, and nothing else', () => {
  const entries = wireSpec(spec, { instance, nativeDir: '/native' });
  expect(entries[0]).toEqual(['version', '1']);
  for (const { name, type, required } of specFields) {
    const count = entries.filter(([key]) => key === name).length;
    if (required) expect(count, name).toBeGreaterThan(0);
    if (type !== 'list') expect(count, name).toBeLessThan(2);
  }
  const known = new Set<string>(specFields.map(({ name }) => name));
  expect(entries.filter(([key]) => !known.has(key))).toEqual([]);
});

test('the guest is said in the units of the wire', () => {
  expect(values(spec, 'arg')).toEqual(['/bin/httpd', '-f']);
  expect(values(spec, 'env')).toEqual(['PATH=/bin', 'EMPTY=']);
  expect(values(spec, 'cpu_micros')).toEqual(['150000']);
  expect(values(spec, 'run_dir')).toEqual(['/run/berth/5/guests/abc']);
  expect(values(spec, 'cgroup')).toEqual(['berth5/guests/abc']);
});

test('each kind has its own walls', () => {
  expect(values(spec, 'no_new_privs')).toEqual(['1']);
  expect(values(spec, 'seccomp')).toEqual(['/native/seccomp/application.bpf']);
  const system = { ...spec, kind: 'system' as const };
  expect(values(system, 'no_new_privs')).toEqual(['0']);
  expect(values(system, 'seccomp')).toEqual(['/native/seccomp/system.bpf']);
  expect(values(system, 'capabilities')).not.toEqual(values(spec, 'capabilities'));
});

test('without a network no key of it is there', () => {
  const alone = { ...spec, network: null, resolvConf: null };
  for (const key of ['bridge', 'link', 'mac', 'ipv4', 'ipv6', 'resolv_conf'])
    expect(values(alone, key)).toEqual([]);
});
