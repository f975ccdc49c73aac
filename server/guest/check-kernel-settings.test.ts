import { expect, test } from 'vitest';
import { checkKernelSettings, type HostSettings, hostSettings } from './check-kernel-settings.ts';
import { DEFAULT_ISOLATION } from './isolation-schema.ts';
import { sysctlProblem } from './sysctl-schema.ts';

const host: HostSettings = {
  hardLimits: new Map([
    ['nofile', 20_000],
    ['core', null],
    ['memlock', 65_536],
  ]),
  mayRaise: false,
  mostFiles: 1_000_000,
  securityModule: null,
};

function problem(change: Partial<typeof DEFAULT_ISOLATION>, on: Partial<HostSettings> = {}) {
  try {
    checkKernelSettings({ ...DEFAULT_ISOLATION, ...change }, { ...host, ...on });
    return null;
  } catch (error) {
    return error;
  }
}

test('a privileged guest has no users of its own, so none of their sysctls', () => {
  const sysctls = { 'user.max_user_namespaces': '10' };
  expect(problem({ sysctls })).toBe(null);
  expect(problem({ sysctls, privileged: true })).toMatchObject({
    field: ['isolation', 'sysctls', 'user.max_user_namespaces'],
    message: expect.stringContaining('which this guest shares with the host'),
  });
});

test('sysctls are those of namespaces that the guest has of its own', () => {
  for (const name of [
    'net.ipv4.ip_forward',
    'net.ipv4.conf.eth0/100.forwarding',
    'kernel.shmmax',
    'kernel.sem',
    'kernel.domainname',
    'fs.mqueue.msg_max',
    'user.max_user_namespaces',
  ]) {
    expect([name, sysctlProblem(name, {})]).toEqual([name, null]);
  }
  expect(sysctlProblem('vm.swappiness', {})).toMatch(
    /^vm.swappiness is a setting of the whole host: a guest has only /,
  );
  expect(sysctlProblem('kernel.core_pattern', {})).toMatch(/whole host/);
  expect(sysctlProblem('kernel.hostname', {})).toMatch(/rename it/);
  for (const name of ['net.//.kernel.core_pattern', 'net./.x', 'net..x'])
    expect(sysctlProblem(name, {})).toBe(`${name} is no name of a sysctl`);
  expect(sysctlProblem('net.ipv4.ip_forward', { network: 'host' })).toBe(
    'net.ipv4.ip_forward belongs to the network namespace, which this guest shares with the host: set it there',
  );
  expect(sysctlProblem('kernel.shmmax', { ipc: 'guest:db', network: 'host' })).toMatch(
    /shares with guest db/,
  );
});

test('a refused sysctl names its field', () => {
  expect(problem({ sysctls: { 'kernel.shmmax': '1', 'vm.swappiness': '1' } })).toMatchObject({
    code: 'bad_input',
    field: ['isolation', 'sysctls', 'vm.swappiness'],
  });
});

test('hard limits stay under those of the host, unless its root may raise them', () => {
  const nofile = (hard: number | null, soft = 10) => ({ rlimits: [{ name: 'nofile' as const, soft, hard }] });
  expect(problem(nofile(20_000))).toBeNull();
  expect(problem(nofile(20_001))).toMatchObject({
    field: ['isolation', 'rlimits', 0, 'hard'],
    message: "the hard limit of nofile, 20001, is over this host's own: choose at most 20000",
  });
  expect(problem(nofile(null))).toMatchObject({ message: expect.stringContaining('unlimited, is over') });
  expect(problem(nofile(500_000), { mayRaise: true })).toBeNull();
  expect(problem(nofile(1_000_001), { mayRaise: true })).toMatchObject({
    message: expect.stringContaining('choose at most 1000000'),
  });
  expect(problem({ rlimits: [{ name: 'core', soft: null, hard: null }] })).toBeNull();
  expect(problem({ rlimits: [{ name: 'memlock', soft: 0, hard: null }] })).toBeTruthy();
  expect(problem({ rlimits: [{ name: 'memlock', soft: 0, hard: null }] }, { mayRaise: true })).toBeNull();
  expect(problem(nofile(9))).toMatchObject({ field: ['isolation', 'rlimits', 0, 'soft'] });
});

test('labels need a security module', () => {
  expect(problem({ label: 'web' })).toMatchObject({
    field: ['isolation', 'label'],
    message: 'the label web cannot be given: this host runs neither AppArmor nor SELinux',
  });
  expect(problem({ label: 'web' }, { securityModule: 'apparmor' })).toBeNull();
});

test('only paths of the kernel are masked', () => {
  expect(problem({ masked: { add: ['/proc/uptime', '/etc'], remove: [] } })).toMatchObject({
    field: ['isolation', 'masked', 'add', 1],
  });
});

test('this host is read as it is', () => {
  const { hardLimits, mostFiles } = hostSettings();
  expect(hardLimits.size).toBe(16);
  expect(hardLimits.get('nofile')).toBeGreaterThan(0);
  expect(mostFiles).toBeGreaterThan(1000);
});
