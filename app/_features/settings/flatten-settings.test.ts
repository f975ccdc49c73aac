import { expect, it } from 'vitest';
import { changesOf } from './flatten-settings.ts';
import { DEFAULT_SETTINGS } from './guest-settings.ts';

const { isolation, init } = DEFAULT_SETTINGS;
const mount = {
  source: '/srv',
  target: '/data',
  readOnly: true,
  idmap: true,
  recursive: false,
  propagation: 'private',
} as const;

it('tells entries of lists by what names them', () => {
  const after = {
    ...isolation,
    mounts: [mount],
    rlimits: [{ name: 'nofile', soft: 1024, hard: null } as const],
    sysctls: { 'net.ipv4.ip_forward': '1' },
    capabilities: { add: [], drop: ['net_raw', 'mknod'] },
  };
  expect(changesOf({ isolation }, { isolation: after })).toEqual([
    { path: 'isolation.capabilities.drop', from: 'none', to: 'net_raw, mknod' },
    { path: 'isolation.sysctls.net.ipv4.ip_forward', from: 'none', to: '1' },
    { path: 'isolation.rlimits[nofile]', from: 'none', to: '1024 of at most unlimited' },
    { path: 'isolation.mounts[/data]', from: 'none', to: '/srv read-only, idmapped' },
  ]);
});

it('sees a change that its text does not tell, and none in another order of keys', () => {
  const profile = (names: string[]) => ({
    ...isolation,
    seccomp: {
      mode: 'profile' as const,
      profile: {
        defaultAction: 'SCMP_ACT_ALLOW' as const,
        syscalls: [{ names, action: 'SCMP_ACT_ERRNO' as const }],
      },
    },
  });
  expect(changesOf({ isolation: profile(['mkdir']) }, { isolation: profile(['rmdir']) })).toHaveLength(1);
  const { restart, ...rest } = init;
  expect(changesOf({ init }, { init: { ...rest, restart: { ...restart } } })).toEqual([]);
});

it('keeps two entries of one name apart', () => {
  const twice = { ...isolation, mounts: [mount, { ...mount, source: '/other' }] };
  expect(changesOf({ isolation }, { isolation: twice }).map(({ path }) => path)).toEqual([
    'isolation.mounts[/data]',
    'isolation.mounts[/data 2]',
  ]);
});
