import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { instanceOf } from '../instance/instance.ts';
import { FakeRuntime } from '../runtime/fake.ts';
import { checkHost } from './check-host.ts';
import { checkHostOnce } from './check-host-once.ts';
import type { HostCheck } from './check-schema.ts';

const CGROUP2 = '30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate';
const GROUP_FILES =
  'memory.high memory.low memory.swap.max cpu.max.burst cpu.pressure io.max io.weight cgroup.kill cgroup.freeze';

/** A good host with cgroup v2 alone, as files. */
const GOOD: Readonly<Record<string, string>> = {
  'proc/sys/kernel/osrelease': '6.12.0-1-amd64',
  'proc/sys/kernel/pid_max': '4194304',
  'proc/sys/user/max_user_namespaces': '100000',
  'proc/sys/fs/inotify/max_user_instances': '1024',
  'proc/sys/fs/protected_symlinks': '1',
  'proc/sys/net/ipv6/conf/all/disable_ipv6': '0',
  'proc/self/limits': 'Max open files            1024                 524288               files',
  'proc/self/status': 'CapEff:\t000001ffffffffff',
  'proc/self/uid_map': '         0          0 4294967295',
  'proc/self/mountinfo': `22 1 254:1 / / rw shared:1 - ext4 /dev/vda1 rw\n${CGROUP2}\n`,
  'proc/meminfo': 'SwapTotal:       1024 kB',
  'proc/pressure/cpu': 'some avg10=0.00',
  'sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory hugetlb pids',
  'sys/block/vda/queue/scheduler': 'none mq-deadline [bfq]',
  'sys/module/apparmor/parameters/enabled': 'Y',
  ...Object.fromEntries(GROUP_FILES.split(' ').map((name) => [`sys/fs/cgroup/system.slice/${name}`, ''])),
  'sys/fs/cgroup/system.slice/io.bfq.weight': 'default 100',
};

async function check(files: Readonly<Record<string, string | null>>, lacks: Record<string, string> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'berth-check-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries({ ...GOOD, ...files })) {
    if (text === null) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  }
  const report = await checkHost({ root, folder: root, whyNot: async (probe) => lacks[probe] ?? null });
  const of = (id: string): HostCheck => {
    const found = report.checks.find((one) => one.id === id);
    if (!found) throw new Error(`no check ${id}`);
    return found;
  };
  return { report, of, root };
}

test('a good host is ready, every check has its own id, and a lack always says what it costs', async () => {
  const { report, root } = await check({});
  expect(report).toMatchObject({ ready: true, kernel: '6.12.0-1-amd64' });
  const ids = report.checks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, state, detail, consequence } of report.checks) {
    expect(detail, id).not.toBe('');
    expect(consequence === null, id).toBe(state === 'yes');
  }
  const lacking = report.checks.filter(({ group, state }) => group !== 'programs' && state !== 'yes');
  expect(lacking.map(({ id }) => id)).toEqual(['files.lxcfs']);
  expect(readdirSync(join(root, 'sys/fs/cgroup'))).toEqual(['cgroup.controllers', 'system.slice']);
});

test('what guests cannot run without makes the host not ready, and the reason and the remedy are told', async () => {
  const { report, of } = await check({}, { user: 'unshare: EPERM', ifb: 'make an ifb link: EOPNOTSUPP' });
  expect(report.ready).toBe(false);
  expect(of('namespaces.user')).toEqual({
    id: 'namespaces.user',
    group: 'namespaces',
    name: 'user namespaces',
    required: true,
    state: 'no',
    detail: 'unshare: EPERM; the kernel needs CONFIG_USER_NS',
    consequence: 'guests do not start',
  });
  expect(of('network.ifb')).toMatchObject({ state: 'no', required: false });
  const { report: other } = await check({}, { ifb: 'make an ifb link: EOPNOTSUPP' });
  expect(other.ready).toBe(true);
});

test('controllers are found where they are, v1 first on hybrid hosts', async () => {
  const { of } = await check({
    'proc/self/mountinfo': [
      '22 1 254:1 / / rw - ext4 /dev/vda1 rw',
      '30 24 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw',
      '31 24 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
      '32 24 0:27 / /mnt/again rw - cgroup cgroup rw,memory',
    ].join('\n'),
    'sys/fs/cgroup/unified/cgroup.controllers': 'hugetlb',
    'sys/fs/cgroup/memory/tasks': '',
    'sys/fs/cgroup/memory/a/memory.memsw.limit_in_bytes': '0',
  });
  expect(of('cgroup.layout')).toMatchObject({ state: 'partly', detail: expect.stringMatching(/^hybrid/) });
  expect(of('cgroup.memory')).toMatchObject({ state: 'yes', detail: 'v1 at /sys/fs/cgroup/memory' });
  expect(of('cgroup.hugetlb')).toMatchObject({ state: 'yes', detail: 'v2 at /sys/fs/cgroup/unified' });
  expect(of('cgroup.cpu')).toMatchObject({ state: 'no', required: true });
  expect(of('cgroup.memory.high')).toMatchObject({ state: 'no', detail: 'only v2 has memory.high' });
  expect(of('cgroup.groups').detail).toBe('made one in each of 2 hierarchies');
});

test('a hierarchy that takes no group is told', async () => {
  const { report, of } = await check({
    'proc/self/mountinfo': '30 24 0:26 / /proc/meminfo rw - cgroup2 cgroup2 rw',
  });
  expect(report.ready).toBe(false);
  expect(of('cgroup.groups')).toMatchObject({ state: 'no', detail: '/proc/meminfo: ENOTDIR' });
});

test.each<[id: string, files: Record<string, string | null>, expected: Partial<HostCheck>]>([
  [
    'kernel.version',
    { 'proc/sys/kernel/osrelease': '5.10.0' },
    { state: 'partly', detail: expect.stringMatching(/5\.19/) },
  ],
  [
    'kernel.inotify_instances',
    { 'proc/sys/fs/inotify/max_user_instances': '128' },
    { state: 'partly', detail: 'fs.inotify.max_user_instances is 128; 512 would do' },
  ],
  [
    'kernel.ids',
    { 'proc/self/uid_map': '0 100000 65536' },
    { state: 'no', detail: expect.stringMatching(/not all mapped/) },
  ],
  [
    'kernel.ids',
    { 'etc/subuid': 'ann:100000:65536\nlxd:300000000:65536\n' },
    { state: 'partly', detail: expect.stringMatching(/lxd in \/etc\/subuid/) },
  ],
  ['kernel.ids', { 'etc/subuid': 'ann:100000:65536\n' }, { state: 'yes' }],
  [
    'kernel.root',
    { 'proc/self/status': 'CapEff:\t000001fffeffffff' },
    { state: 'partly', detail: 'root lacks sys_resource here' },
  ],
  ['kernel.root', { 'proc/self/status': 'CapEff:\t00000000a80425fb' }, { state: 'no' }],
  ['kernel.open_files', { 'proc/self/limits': 'Max open files  1024  4096  files' }, { state: 'partly' }],
  [
    'namespaces.count',
    { 'proc/sys/user/max_user_namespaces': '0' },
    { state: 'no', detail: expect.stringMatching(/max_user_namespaces is 0/) },
  ],
  [
    'namespaces.count',
    { 'proc/sys/user/max_net_namespaces': '10' },
    { state: 'partly', consequence: 'no more than 10 guests run at once' },
  ],
  [
    'cgroup.memory.swap',
    { 'proc/meminfo': 'SwapTotal: 0 kB' },
    { state: 'partly', detail: expect.stringMatching(/no swap/) },
  ],
  [
    'cgroup.io.weight',
    { 'sys/block/vdb/queue/scheduler': '[none] bfq' },
    { state: 'partly', detail: 'BFQ schedules vda, not vdb' },
  ],
  [
    'cgroup.io.weight',
    { 'sys/block/vda/queue/scheduler': '[none] bfq' },
    { state: 'no', detail: expect.stringMatching(/echo bfq > \/sys\/block\/vda/) },
  ],
  ['cgroup.pressure', { 'sys/fs/cgroup/system.slice/cpu.pressure': null }, { state: 'partly' }],
  ['network.ipv6', { 'proc/sys/net/ipv6/conf/all/disable_ipv6': '1' }, { state: 'no' }],
  [
    'security.modules',
    { 'sys/module/apparmor/parameters/enabled': null, 'sys/fs/selinux/enforce': '1' },
    { state: 'yes', detail: 'SELinux, enforcing' },
  ],
  [
    'security.protected_symlinks',
    { 'proc/sys/fs/protected_symlinks': '0' },
    { state: 'partly', detail: 'fs.protected_symlinks is 0; 1 is safer' },
  ],
])('%s with %j', async (id, files, expected) => {
  const { of } = await check(files);
  expect(of(id)).toMatchObject(expected);
});

test('many who ask at once are answered by one check; a failure is not kept', async () => {
  const runtime = new FakeRuntime();
  const instance = instanceOf({ slot: 9, id: '0123456789abcdef', dataDir: tmpdir() });
  const ask = checkHostOnce({ runtime, instance });
  runtime.failures.set('whyNot', new Error('no addon'));
  await expect(ask()).rejects.toThrow('no addon');
  const [one, two] = await Promise.all([ask(), ask()]);
  expect(one).toBe(two);
  expect(runtime.calls.filter((call) => call === 'whyNot overlay')).toHaveLength(1);
});
