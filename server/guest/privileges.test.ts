import { expect, test } from 'vitest';
import { DEFAULT_INIT } from './init-schema.ts';
import { DEFAULT_ISOLATION } from './isolation-schema.ts';
import { hasHostsRoot, privilegedSettings, requirePrivilege } from './privileges.ts';
import type { GuestInit, GuestIsolation } from './schema.ts';

const own = { first: 100_000, count: 65_536 };
const plain = { isolation: DEFAULT_ISOLATION, init: DEFAULT_INIT, command: ['/sbin/init'] };
const ann = { kind: 'user', id: 'u1', username: 'ann' } as const;

const mount = {
  source: '/srv',
  target: '/srv',
  readOnly: true,
  idmap: true,
  recursive: false,
  propagation: 'private',
} as const;
const device = { source: '/dev/sda', target: null, access: 'r', mode: 0o600, uid: 0, gid: 0 };
const hook = { stage: 'poststop' as const, path: '/bin/true', args: [], env: [], timeoutMs: 1000 };

function isolated(isolation: Partial<GuestIsolation>) {
  return { ...plain, isolation: { ...DEFAULT_ISOLATION, ...isolation } };
}

function started(init: Partial<GuestInit>) {
  return { ...plain, init: { ...DEFAULT_INIT, ...init } };
}

function fields(after: typeof plain, before: typeof plain | null = plain): string[] {
  return privilegedSettings(before, after, own).map(({ field }) => field.join('.'));
}

test.each<[string, typeof plain]>([
  ['isolation.privileged', isolated({ privileged: true })],
  ['isolation.namespaces.network', isolated({ namespaces: { network: 'host' } })],
  ['isolation.namespaces.pid', isolated({ namespaces: { pid: 'guest:web' } })],
  ['isolation.idMap', isolated({ idMap: [{ inside: 0, outside: 0, count: 1 }] })],
  ['isolation.idMap', isolated({ idMap: [{ inside: 0, outside: 165_535, count: 2 }] })],
  ['isolation.mounts.0.source', isolated({ mounts: [mount] })],
  ['isolation.mounts.0.source', isolated({ mounts: [{ ...mount, source: 'volume:../../etc' }] })],
  ['isolation.devices.0.source', isolated({ devices: [device] })],
  ['isolation.devices.0.source', isolated({ devices: [{ ...device, source: '/dev/sg0' }] })],
  ['isolation.devices.0.source', isolated({ devices: [{ ...device, source: '/dev/null/x' }] })],
  ['isolation.seccomp', isolated({ seccomp: { mode: 'log' } })],
  [
    'isolation.seccomp',
    isolated({ seccomp: { mode: 'profile', profile: { defaultAction: 'SCMP_ACT_ALLOW' } } }),
  ],
  ['isolation.masked.remove', isolated({ masked: { add: [], remove: ['/proc/kcore'] } })],
  ['isolation.readOnly.remove', isolated({ readOnly: { add: [], remove: ['/proc/sys'] } })],
  ['isolation.label', isolated({ label: 'unconfined' })],
  ['init.hooks', started({ hooks: [hook] })],
])('%s is refused to a plain user, on create and on configure, and allowed to others', (field, after) => {
  for (const before of [null, plain]) {
    const settings = privilegedSettings(before, after, own);
    expect(settings.map((one) => one.field.join('.'))).toEqual([field]);
    expect(() => requirePrivilege({ actor: ann, privileged: false }, settings)).toThrow(
      expect.objectContaining({
        code: 'forbidden',
        field: settings[0]?.field,
        message: expect.stringMatching(/root grants it by berth admin privileged ann on$/),
      }),
    );
    for (const actor of [ann, { kind: 'root' }, { kind: 'policy' }] as const) {
      expect(() => requirePrivilege({ actor, privileged: true }, settings)).not.toThrow();
    }
  }
  // Once it is there, other changes of the guest are not about it; nor is taking it away.
  expect(fields(after, after)).toEqual([]);
  expect(fields(plain, after)).toEqual([]);
});

test.each<[string, typeof plain]>([
  ['nothing', plain],
  ['an id map within its own range', isolated({ idMap: [{ inside: 0, outside: 100_000, count: 65_536 }] })],
  ['a volume', isolated({ mounts: [{ ...mount, source: 'volume:data' }] })],
  [
    'tun and a GPU',
    isolated({ devices: ['/dev/net/tun', '/dev/dri/renderD128'].map((source) => ({ ...device, source })) }),
  ],
  ['nesting', isolated({ nesting: true, seccomp: { mode: 'nesting' } })],
  [
    'stricter walls',
    isolated({ masked: { add: ['/proc/uptime'], remove: [] }, capabilities: { add: [], drop: ['chown'] } }),
  ],
  ['capabilities of its own namespace', isolated({ capabilities: { add: ['net_raw'], drop: [] } })],
  ['another environment', started({ environment: { A: 'b' }, user: 'www-data' })],
])('%s is for everybody', (_, after) => {
  expect(fields(after, null)).toEqual([]);
  expect(fields(after)).toEqual([]);
});

test('one more of a kind is judged for itself', () => {
  const before = isolated({ mounts: [mount], devices: [device] });
  const after = isolated({
    mounts: [{ ...mount, source: 'volume:data', target: '/data' }, mount, { ...mount, readOnly: false }],
    devices: [device, { ...device, access: 'rw' }],
  });
  expect(fields(after, before)).toEqual(['isolation.mounts.2.source', 'isolation.devices.1.source']);
});

test("in a guest whose root is the host's, what runs and with which walls is for who may make one", () => {
  const before = isolated({ privileged: true });
  const change = (isolation: Partial<GuestIsolation>) => ({
    ...before,
    isolation: { ...before.isolation, ...isolation },
  });
  expect(fields({ ...before, command: ['/bin/sh'] }, before)).toEqual(['command']);
  expect(fields({ ...before, init: { ...DEFAULT_INIT, environment: { A: 'b' } } }, before)).toEqual([
    'init.environment',
  ]);
  expect(fields(change({ capabilities: { add: ['sys_module'], drop: [] } }), before)).toEqual([
    'isolation.capabilities',
  ]);
  expect(fields(change({ nesting: true }), before)).toEqual(['isolation.nesting']);
  expect(fields(change({ sysctls: { 'kernel.shmmax': '1' } }), before)).toEqual(['isolation.sysctls']);
  const over = { ...mount, source: 'volume:data', target: '/bin' };
  expect(fields(change({ mounts: [over] }), before)).toEqual(['isolation.mounts']);
  expect(fields(change({ devices: [{ ...device, source: '/dev/kvm' }] }), before)).toEqual([
    'isolation.devices',
  ]);
  // When it starts again and in which order runs nothing else than before.
  const autostart = { enabled: true, order: 1, delaySeconds: 0 };
  expect(fields({ ...before, init: { ...DEFAULT_INIT, autostart } }, before)).toEqual([]);
  expect(fields({ ...plain, command: ['/bin/sh'] }, before)).toEqual([]);
});

test('what comes at once into a guest that still runs privileged is for who may make one', () => {
  const inForce = { ...DEFAULT_ISOLATION, privileged: true };
  const after = isolated({ mounts: [{ ...mount, source: 'volume:data', target: '/bin' }] });
  const fieldsIn = (running: GuestIsolation | null) =>
    privilegedSettings(plain, after, own, running).map(({ field }) => field.join('.'));
  expect(fieldsIn(inForce)).toEqual(['isolation.mounts']);
  expect(fieldsIn(DEFAULT_ISOLATION)).toEqual([]);
  expect(fieldsIn(null)).toEqual([]);
  expect(privilegedSettings(plain, isolated({ nesting: true }), own, inForce)).toEqual([]);
});

test.each<[boolean, Partial<GuestIsolation>]>([
  [false, {}],
  [false, { namespaces: { network: 'host', user: 'own' } }],
  [false, { idMap: [{ inside: 0, outside: 100_000, count: 10 }] }],
  [true, { privileged: true }],
  [true, { namespaces: { user: 'host' } }],
  [true, { namespaces: { user: 'guest:web' } }],
  [true, { idMap: [{ inside: 1000, outside: 1000, count: 1 }] }],
])('that %s for root of the host: %o', (expected, isolation) => {
  expect(hasHostsRoot({ ...DEFAULT_ISOLATION, ...isolation }, own)).toBe(expected);
});
