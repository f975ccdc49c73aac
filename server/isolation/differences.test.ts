import { expect, test } from 'vitest';
import { DEFAULT_ISOLATION } from '../guest/isolation-schema.ts';
import { deviceRules } from './device-rules.ts';
import { differences } from './differences.ts';
import { parseMounts } from './mounts.ts';
import { parseRlimits } from './rlimits.ts';

test('the default differs in nothing', () => {
  for (const kind of ['system', 'application'] as const) {
    expect(differences(DEFAULT_ISOLATION, kind, null)).toEqual([]);
  }
});

test('what is weaker comes first, then what is other, then what is stronger', () => {
  const found = differences(
    {
      ...DEFAULT_ISOLATION,
      privileged: true,
      namespaces: { network: 'host', ipc: 'guest:db', uts: 'own' },
      capabilities: { add: ['net_raw', 'chown'], drop: ['kill', 'sys_module'] },
      seccomp: { mode: 'log' },
      masked: { add: ['/proc/uptime'], remove: ['/proc/kcore'] },
      sysctls: { 'net.ipv4.ip_forward': '1' },
      lxcfs: false,
    },
    'application',
    null,
  );
  expect(found.map(({ effect, setting }) => `${effect} ${setting}`)).toEqual([
    'weaker isolation.privileged',
    'weaker isolation.namespaces.network',
    'weaker isolation.namespaces.ipc',
    'weaker isolation.capabilities.add',
    'weaker isolation.seccomp',
    'weaker isolation.masked.remove',
    'other isolation.sysctls.net.ipv4.ip_forward',
    'other isolation.lxcfs',
    'stronger isolation.capabilities.drop',
    'stronger isolation.masked.add',
  ]);
  const words = new Map(found.map(({ setting, message }) => [setting, message]));
  // What the kind has already, or has not anyway, is no difference.
  expect(words.get('isolation.capabilities.add')).toBe('more capabilities: net_raw');
  expect(words.get('isolation.capabilities.drop')).toBe('fewer capabilities: kill');
  expect(words.get('isolation.namespaces.ipc')).toBe('the ipc namespace is shared with db');
});

test('mounts are read with what Berth put them there for, and with names that a guest chose', () => {
  const isolation = {
    ...DEFAULT_ISOLATION,
    mounts: [
      {
        source: '/srv',
        target: '/data set',
        readOnly: true,
        idmap: true,
        recursive: false,
        propagation: 'rslave' as const,
      },
    ],
    masked: { add: ['/proc/uptime'], remove: [] },
  };
  const text = [
    '1 0 0:40 / / rw,nodev - overlay none rw,lowerdir=/',
    '2 1 0:42 / /proc rw,nosuid shared:7 - proc none rw',
    '3 2 0:42 /sys /proc/sys ro - proc none rw',
    '4 2 0:6 /null /proc/uptime ro - devtmpfs devtmpfs rw',
    '5 1 8:1 /srv /data\\040set ro master:3 - ext4 /dev/sda1 rw',
    '6 1 0:50 / /tmp/\\033[2J\\012x rw unbindable - tmpfs a\\040b rw',
    'nonsense',
    '',
  ].join('\n');
  const views = parseMounts(text, isolation);
  expect(views.map(({ target, purpose, propagation }) => [target, purpose, propagation])).toEqual([
    ['/', 'root', 'private'],
    ['/proc', 'kernel', 'shared'],
    ['/proc/sys', 'read-only', 'private'],
    ['/proc/uptime', 'mask', 'private'],
    ['/data set', 'configured', 'slave'],
    ['/tmp/\u{fffd}[2J\u{fffd}x', 'guest', 'unbindable'],
  ]);
  expect(views.map(({ source }) => source)).toEqual([
    'none',
    'none',
    '/sys',
    'devtmpfs:/null',
    '/dev/sda1:/srv',
    'a b',
  ]);
  expect(views[4]).toMatchObject({ id: 5, type: 'ext4', readOnly: true, options: ['ro'] });
  const own = [
    '1 0 0:40 /proc/uptime /proc/uptime ro - fuse.lxcfs lxcfs rw',
    '2 0 0:40 /proc/meminfo /srv ro - fuse.lxcfs lxcfs rw',
    '3 0 0:41 / /proc/meminfo ro - tmpfs none rw',
    '4 0 0:42 / /dev/.berth/proc rw - proc none rw',
    '5 0 0:42 /sys/vm /proc/sys/vm ro - proc none rw',
    '6 0 0:42 /sys /proc/sys ro - proc none rw',
  ].join('\n');
  const purposes = (nesting: boolean, lxcfs: boolean) =>
    parseMounts(own, { ...DEFAULT_ISOLATION, nesting, lxcfs }).map(({ purpose }) => purpose);
  expect(purposes(true, true)).toEqual(['lxcfs', 'guest', 'guest', 'kernel', 'read-only', 'guest']);
  expect(purposes(false, false)).toEqual(['guest', 'guest', 'guest', 'guest', 'guest', 'read-only']);
  const many = Array.from({ length: 5000 }, (_, at) => `${at} 1 0:1 / /m${at} rw - tmpfs t rw`).join('\n');
  expect(parseMounts(many, isolation)).toHaveLength(2000);
});

test('limits of /proc/PID/limits have the names that settings have', () => {
  const text = [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max cpu time              unlimited            unlimited            seconds   ',
    'Max open files            1024                 524288               files     ',
    'Max realtime timeout      unlimited            unlimited            us        ',
  ].join('\n');
  expect(parseRlimits(text)).toEqual([
    { name: 'cpu', soft: 'unlimited', hard: 'unlimited' },
    { name: 'nofile', soft: '1024', hard: '524288' },
    { name: 'rttime', soft: 'unlimited', hard: 'unlimited' },
  ]);
});

test('rules of devices are those that the kernel lists, else those that the filter was made of', () => {
  const zero = { source: '/dev/zero', target: '/dev/nil', access: 'r', mode: 0o444, uid: 0, gid: 0 };
  expect(deviceRules(['c 1:3 rwm', 'b 8:* rw', 'junk', 'a *:* rwm'], 'system', [])).toEqual([
    { type: 'c', numbers: '1:3', access: 'rwm', name: 'null' },
    { type: 'b', numbers: '8:*', access: 'rw', name: null },
    { type: 'a', numbers: '*:*', access: 'rwm', name: null },
  ]);
  const made = deviceRules(null, 'application', [zero, { ...zero, source: '/dev/gone' }]);
  expect(made).toContainEqual({ type: 'c', numbers: '136:*', access: 'rwm', name: 'pts/*' });
  expect(made.at(-1)).toEqual({ type: 'c', numbers: '1:5', access: 'r', name: 'zero' });
});
