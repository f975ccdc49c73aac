import { describe, expect, it } from 'vitest';
import { NO_WORDS } from '../../../server/guest/record-schema.ts';
import { changesOf, DEFAULT_SETTINGS, type GuestConfig } from '../settings/index.ts';
import { parseConfig, toYaml } from './config-yaml.ts';
import { configureInput } from './guest-config.ts';

const MiB = 1024 * 1024;
const CONFIG: GuestConfig = {
  limits: { ...DEFAULT_SETTINGS.limits, cpu: 1.5, memory: 512 * MiB, swap: 0, pids: 512 },
  isolation: DEFAULT_SETTINGS.isolation,
  init: DEFAULT_SETTINGS.init,
  command: ['/bin/httpd', '-f', '-p', '80: a'],
  stopTimeoutMs: 30_000,
  owner: 'ada',
  tags: ['env=prod', 'web'],
  notes: '# What it is for\n\n- this\n',
  contact: 'ops@example.com',
  links: [{ title: 'Runbook', url: 'https://example.com/?a=b#c' }],
  expires: '2026-12-31',
  atExpiry: 'stop',
  fields: { 'cost-centre': 4711, stage: 'yes' },
  alwaysRecorded: true,
};

describe('the YAML of a guest', () => {
  it('reads back to what was written', () => {
    expect(parseConfig(toYaml(CONFIG))).toEqual({ config: CONFIG, problems: [] });
    expect(toYaml(CONFIG)).toContain('memory: 512 MiB');
  });

  it('reads back with everything set', () => {
    const full: GuestConfig = {
      limits: {
        ...CONFIG.limits,
        cpuset: '0-1,3',
        memoryHigh: 256 * MiB,
        networkReceive: 10 * MiB,
        io: [{ device: '8:0', readBytes: 5 * MiB, writeBytes: null, readOps: 100, writeOps: null }],
        hugepages: [{ size: '2MB', bytes: 4 * MiB }],
      },
      isolation: {
        namespaces: { network: 'host', ipc: 'guest:db-1' },
        privileged: true,
        idMap: [{ inside: 0, outside: 100_000, count: 65_536 }],
        nesting: true,
        capabilities: { add: ['net_raw'], drop: ['mknod'] },
        seccomp: {
          mode: 'profile',
          profile: {
            defaultAction: 'SCMP_ACT_ALLOW',
            syscalls: [{ names: ['mkdir'], action: 'SCMP_ACT_ERRNO' }],
          },
        },
        masked: { add: ['/proc/x'], remove: [] },
        readOnly: { add: [], remove: ['/proc/sys'] },
        sysctls: { 'net.ipv4.ip_forward': '1', 'kernel.domainname': 'yes' },
        rlimits: [{ name: 'nofile', soft: 1024, hard: null }],
        label: 'profile-a',
        mounts: [
          {
            source: 'volume:data',
            target: '/data',
            readOnly: true,
            idmap: true,
            recursive: false,
            propagation: 'rslave',
          },
        ],
        devices: [{ source: '/dev/fuse', target: null, access: 'rwm', mode: 0o666, uid: 0, gid: 44 }],
        lxcfs: false,
      },
      init: {
        environment: { A: 'null', B: '0x10', C: 'two\nlines' },
        user: '1000:1000',
        workdir: '/srv',
        restart: { policy: 'on-failure', delayMs: 1, maxDelayMs: 2, attempts: 3 },
        autostart: { enabled: true, order: 1, delaySeconds: 2 },
        stopSignal: 'SIGTERM',
        hooks: [{ stage: 'poststart', path: '/bin/true', args: ['a b'], env: ['X=1'], timeoutMs: 500 }],
      },
      command: [],
      stopTimeoutMs: 0,
      ...NO_WORDS,
      alwaysRecorded: false,
    };
    const text = toYaml(full);
    expect(parseConfig(text)).toEqual({ config: full, problems: [] });
    expect(text).toContain('mode: 0o666');
    expect(text).toContain('networkReceive: 10 MiB');
  });

  it('takes what is left out as it is by default, in entries of lists too', () => {
    const { config, problems } = parseConfig(
      'limits: { cpu: 1.5, memory: 512M, swap: 0, pids: 512 }\n' +
        'isolation:\n  mounts: [{ source: /srv, target: /data }]\n  devices: [{ source: /dev/fuse }]\n  capabilities: { drop: [mknod] }\n' +
        'init: { restart: { policy: always } }\ncommand: []\nstopTimeoutMs: 1\n',
    );
    expect(problems).toEqual([]);
    expect(config?.isolation.mounts[0]).toMatchObject({
      readOnly: false,
      idmap: true,
      propagation: 'private',
    });
    expect(config?.isolation.devices[0]).toMatchObject({ target: null, access: 'rw', mode: 0o660 });
    expect(config?.isolation.capabilities).toEqual({ add: [], drop: ['mknod'] });
    expect(config?.init.restart).toMatchObject({ policy: 'always', delayMs: 1000 });
  });

  it.each([
    [
      'isolation:\n  namespaces:\n    network: bridge\n',
      'isolation.namespaces.network',
      3,
      'own, host or guest:NAME',
    ],
    ['isolation:\n  mounts:\n    - source: /a\n      target: data\n', 'target', 4, 'absolute path'],
    [
      'isolation:\n  devices:\n    - source: /dev/fuse\n      owner: 5\n',
      'owner',
      4,
      'isolation.devices.0.owner is not known',
    ],
    ['isolation:\n  nesting: maybe\n', 'nesting', 2, 'isolation.nesting must be true or false'],
    ['isolation:\n  seccomp: {mode: strict}\n', 'seccomp', 2, ''],
    [
      'isolation:\n  seccomp:\n    mode: profile\n    profile:\n      defaultAction: X\n',
      'profile',
      5,
      'there is no action X',
    ],
    ['init:\n  environment:\n    A=B: x\n', 'name', 3, 'a name without ='],
    ['init:\n  restart:\n    policy: sometimes\n', 'policy', 3, 'no, on-failure or always'],
    ['init:\n  stopSignal: SIGFOO\n', 'stopSignal', 2, ''],
  ])('finds the line of what is wrong in isolation and init: %j', (text, _what, line, message) => {
    const { config, problems } = parseConfig(
      `${text}limits: { cpu: 1, memory: 64M, swap: 0, pids: 5 }\ncommand: []\nstopTimeoutMs: 1\n`,
    );
    expect(config).toBeNull();
    expect(problems[0]?.line).toBe(line);
    expect(problems[0]?.message).toContain(message);
  });

  it.each([
    [
      'limits:\n  cpu: 0\n  memory: 64 MiB\n  swap: 0\n  pids: 5\ncommand: []\nstopTimeoutMs: 1\n',
      2,
      'cpu must be at least 0.01',
    ],
    [
      'limits:\n  cpu: 1\n  memory: lots\n  swap: 0\n  pids: 5\ncommand: []\nstopTimeoutMs: 1\n',
      3,
      'limits.memory must be a size',
    ],
    [
      'limits:\n  cpu: 1\n  memory: 1 MiB\n  swap: 0\n  pids: 5\ncommand: []\nstopTimeoutMs: 1\n',
      3,
      'at least 4 MiB',
    ],
    [
      'limits:\n  cpu: 1\n  memory: 64M\n  swap: 0\n  pids: 1.5\ncommand: []\nstopTimeoutMs: 1\n',
      5,
      'whole number',
    ],
    [
      'limits:\n  cpu: 1\n  memory: 64M\n  swap: 0\n  pids: 5\n  disk: 5\ncommand: []\nstopTimeoutMs: 1\n',
      6,
      'limits.disk is not known',
    ],
    [
      'name: x\nlimits:\n  cpu: 1\n  memory: 64M\n  swap: 0\n  pids: 5\ncommand: []\nstopTimeoutMs: 1\n',
      1,
      'name is not known',
    ],
    [
      'limits:\n  cpu: 1\n  memory: 64M\n  swap: 0\ncommand: []\nstopTimeoutMs: 1\n',
      1,
      'limits.pids must be a number',
    ],
    ['limits:\n  cpu: 1\n  cpu: 2\n', 3, 'unique'],
    ['limits: [', 1, ''],
    ['just text', 1, 'has the keys'],
  ])('finds the line of what is wrong in %j', (text, line, message) => {
    const { config, problems } = parseConfig(text);
    expect(config).toBeNull();
    expect(problems[0]?.line).toBe(line);
    expect(problems[0]?.message).toContain(message);
  });

  it('does not unfold aliases', () => {
    expect(() => parseConfig('a: &a [1]\nlimits: *a\n')).not.toThrow();
    expect(parseConfig('a: &a [1]\nlimits: *a\n').config).toBeNull();
  });
});

describe('changes', () => {
  const after: GuestConfig = {
    ...CONFIG,
    limits: { ...CONFIG.limits, memory: 1024 * MiB },
    stopTimeoutMs: 5000,
  };

  it('are listed as they are written', () => {
    expect(changesOf(CONFIG, after)).toEqual([
      { path: 'limits.memory', from: '512 MiB', to: '1 GiB' },
      { path: 'stopTimeoutMs', from: '30000', to: '5000' },
    ]);
    expect(changesOf(CONFIG, CONFIG)).toEqual([]);
  });

  it('send only what differs', () => {
    expect(configureInput(CONFIG, after)).toEqual({ limits: { memory: 1024 * MiB }, stopTimeoutMs: 5000 });
    expect(configureInput(CONFIG, { ...CONFIG, command: [] })).toEqual({ command: [] });
    const isolation = { ...CONFIG.isolation, nesting: true, capabilities: { drop: [], add: [] } };
    expect(configureInput(CONFIG, { ...CONFIG, isolation })).toEqual({ isolation: { nesting: true } });
  });
});
