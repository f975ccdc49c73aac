import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestGround, TestGuest } from './test-guest.ts';

let ground: TestGround;
beforeAll(() => {
  ground = new TestGround();
});
afterAll(() => ground[Symbol.asyncDispose]());

const SLEEP = ['/bin/sleep', '1000'];
const hostValue = (name: string) => readFileSync(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8').trim();

/** Of each family one, with a value that a new namespace does not have. */
const SYSCTLS: [name: string, value: string][] = [
  ['net.ipv4.ip_unprivileged_port_start', '81'],
  ['net.ipv6.conf.lo.hop_limit', '77'],
  ['kernel.shmmax', '12345678'],
  ['kernel.msgmax', '7654'],
  ['kernel.sem', '250\t32000\t32\t127'],
  ['fs.mqueue.msg_max', '7'],
  ['kernel.domainname', 'berth.example'],
  ['user.max_mnt_namespaces', '3'],
];

describe.each(['application', 'system'] as const)('sysctls of %s guests', (kind) => {
  it('are theirs when init starts, and the host keeps its own', async () => {
    const before = SYSCTLS.map(([name]) => hostValue(name));
    await using guest = await new TestGuest(
      ground,
      kind,
      SLEEP,
      SYSCTLS.map(([name, value]) => ['sysctl', `${name}=${value}`]),
    ).running();
    for (const [name, value] of SYSCTLS) {
      const read = guest.sh(`cat /proc/sys/${name.replaceAll('.', '/')}`).stdout.trim();
      expect([name, read]).toEqual([name, value]);
    }
    expect(SYSCTLS.map(([name]) => hostValue(name))).toEqual(before);
    // The control: another guest has the kernel's defaults.
    await using plain = await new TestGuest(ground, kind, SLEEP).running();
    for (const [name, value] of SYSCTLS) {
      expect(plain.sh(`cat /proc/sys/${name.replaceAll('.', '/')}`).stdout.trim()).not.toBe(value);
    }
  });
});

it.each([
  ['kernel.core_pattern', '|/bin/false'],
  ['vm.swappiness', '1'],
  ['kernel.hostname', 'x'],
  ['net.//.kernel.core_pattern', 'x'],
  ['net..kernel.core_pattern', 'x'],
  ['user.max_/../../vm/swappiness', '1'],
])('a sysctl of the host is refused by name: %s', async (name, value) => {
  const before = [hostValue('kernel.core_pattern'), hostValue('vm.swappiness')];
  const guest = new TestGuest(ground, 'system', SLEEP, [['sysctl', `${name}=${value}`]]);
  expect((await guest.start()).at(-1)).toMatch(
    /^error EINVAL (set\\040the\\040sysctl \S+|read\\040the\\040spec sysctl)$/,
  );
  expect([hostValue('kernel.core_pattern'), hostValue('vm.swappiness')]).toEqual(before);
  expect(guest.leftovers()).toEqual([]);
});

it('a sysctl of a shared namespace, and a value that the kernel refuses, end the start', async () => {
  const shared = new TestGuest(ground, 'system', SLEEP, [
    ['namespace', 'ipc=host'],
    ['sysctl', 'kernel.shmmax=1'],
  ]);
  expect((await shared.start()).at(-1)).toBe('error EINVAL set\\040the\\040sysctl kernel.shmmax');
  const wrong = new TestGuest(ground, 'system', SLEEP, [['sysctl', 'net.ipv4.ip_forward=often']]);
  expect((await wrong.start()).at(-1)).toBe('error EINVAL set\\040the\\040sysctl net.ipv4.ip_forward=often');
  const missing = new TestGuest(ground, 'system', SLEEP, [['sysctl', 'net.ipv4.conf.eth7.forwarding=1']]);
  expect((await missing.start()).at(-1)).toBe(
    'error ENOENT set\\040the\\040sysctl net.ipv4.conf.eth7.forwarding',
  );
});

describe('resource limits', () => {
  const limitsIn = (text: string) => (name: string) =>
    new RegExp(`^${name} +(\\S+) +(\\S+)`, 'm').exec(text)?.slice(1);

  it('hold for init and for what enters', async () => {
    await using guest = await new TestGuest(ground, 'application', SLEEP, [
      ['rlimit', 'nofile=100:200'],
      ['rlimit', 'core=0:0'],
      ['rlimit', 'fsize=4096:unlimited'],
    ]).running();
    const init = limitsIn(readFileSync(`/proc/${guest.state.init_pid}/limits`, 'utf8'));
    const entered = limitsIn(guest.sh('cat /proc/self/limits').stdout);
    for (const limit of [init, entered]) {
      expect(limit('Max open files')).toEqual(['100', '200']);
      expect(limit('Max core file size')).toEqual(['0', '0']);
      expect(limit('Max file size')).toEqual(['4096', 'unlimited']);
    }
    expect(guest.sh('ulimit -Hn 300').stderr).toMatch(/not permitted/);
    expect(guest.sh('trap "" XFSZ; head -c 8192 /dev/zero > /root/big; wc -c < /root/big').stdout).toBe(
      '4096\n',
    );
  });

  it('that there are none of, or that the host does not allow, are named', async () => {
    const unknown = new TestGuest(ground, 'system', SLEEP, [['rlimit', 'patience=1:1']]);
    expect((await unknown.start()).at(-1)).toBe('error EINVAL set\\040the\\040resource\\040limit patience');
    const beyond = Number(hostValue('fs.nr_open')) + 1;
    const high = new TestGuest(ground, 'system', SLEEP, [['rlimit', `nofile=10:${beyond}`]]);
    expect((await high.start()).at(-1)).toBe(
      `error EPERM set\\040the\\040resource\\040limit nofile=10:${beyond}`,
    );
    expect(high.leftovers()).toEqual([]);
  });
});

/** The security module of this host, as the native part looks for it. */
function securityModule(): 'apparmor' | 'none' {
  try {
    return readFileSync('/sys/module/apparmor/parameters/enabled', 'utf8').startsWith('Y')
      ? 'apparmor'
      : 'none';
  } catch {
    return 'none';
  }
}

describe(`a security label on a host with ${securityModule()}`, () => {
  it('is that of init and of what enters, or is refused by name', async () => {
    const guest = new TestGuest(ground, 'system', SLEEP, [['label', 'unconfined']]);
    const last = (await guest.start()).at(-1);
    if (securityModule() === 'none') {
      expect(last).toBe('error EOPNOTSUPP set\\040a\\040security\\040label unconfined');
      return;
    }
    expect(last).toMatch(/^ready /);
    expect(readFileSync(`/proc/${guest.state.init_pid}/attr/current`, 'utf8')).toContain('unconfined');
    expect(guest.sh('cat /proc/self/attr/current').stdout).toContain('unconfined');
    await guest.stop();
    const unknown = new TestGuest(ground, 'system', SLEEP, [['label', 'berth-no-such-profile']]);
    expect((await unknown.start()).at(-1)).toBe(
      'error ENOENT set\\040the\\040security\\040label berth-no-such-profile',
    );
  });
});
