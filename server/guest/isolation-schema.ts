import { z } from 'zod';
import { suggestion } from '../errors/nearest.ts';
import { CAPABILITIES } from './capability-schema.ts';
import { ociSeccomp } from './seccomp-schema.ts';

/** Namespaces that a guest may share; its mounts are always its own. */
export const SHAREABLE_NAMESPACES = ['user', 'network', 'ipc', 'uts', 'pid', 'cgroup', 'time'] as const;
export type ShareableNamespace = (typeof SHAREABLE_NAMESPACES)[number];

/** `own`, `host`, or `guest:NAME` of the running guest whose namespace it joins. */
export const namespaceOwner = z
  .string()
  .max(80)
  .regex(/^(own|host|guest:[a-z0-9-]{1,63})$/, 'a namespace is own, host or guest:NAME');

const path = (what: string) =>
  z
    .string()
    .max(4096)
    .refine((text) => text.startsWith('/') && !text.includes('\0'), `${what} is an absolute path`)
    .refine((text) => !text.split('/').includes('..'), `${what} cannot have .. in it`);

const ID = z.number().int().min(0).max(4_294_967_294);

/** Ids of the guest, and of the host where they are: `inside` 0, `outside` 100000, `count` 65536. */
export const idMapEntry = z.object({
  inside: ID,
  outside: ID,
  count: z.number().int().min(1).max(4_294_967_295),
});

/** As capabilities(7) names them, lower case without `cap_`: `net_raw`. */
export const capabilityName = z
  .string()
  .regex(/^[a-z][a-z_]{2,30}$/, 'a capability is named as net_raw, without cap_')
  .refine((name) => CAPABILITIES.some((known) => known === name), {
    error: ({ input }) =>
      `the kernel has no capability ${input}${suggestion(String(input), CAPABILITIES) || ': capabilities(7) lists them'}`,
  });

export const seccompSetting = z.discriminatedUnion('mode', [
  /** `log`: what the default of the kind refuses is let through and written to the audit log, to learn a profile. */
  z.object({ mode: z.enum(['default', 'nesting', 'log']) }),
  z.object({ mode: z.literal('profile'), profile: ociSeccomp }),
]);

export const bindMount = z.object({
  /** A folder or file of the host; a volume of Berth as `volume:NAME`. */
  source: z.string().min(1, 'source is a path of the host or volume:NAME').max(4096),
  target: path('target'),
  readOnly: z.boolean(),
  /** Files of the host's root belong to the guest's root, and so on; else ids show as nobody. */
  idmap: z.boolean(),
  /** With what is mounted below it. */
  recursive: z.boolean(),
  propagation: z.enum(['private', 'slave', 'shared', 'rprivate', 'rslave', 'rshared']),
});
export type BindMount = z.infer<typeof bindMount>;

export const guestDevice = z.object({
  /** Node on the host. */
  source: path('source').refine((text) => text.startsWith('/dev/'), 'a device is below /dev'),
  /** Where the guest has it; null is the same path. */
  target: path('target').nullable(),
  /** Of r (read), w (write) and m (mknod). */
  access: z.string().regex(/^(?=[rwm]+$)r?w?m?$/, 'access is made of r, w and m in this order'),
  mode: z.number().int().min(0).max(0o777),
  uid: ID,
  gid: ID,
});
export type GuestDevice = z.infer<typeof guestDevice>;

export const rlimit = z.object({
  /** `nofile`, as prlimit(1) names it. */
  name: z.enum([
    'as',
    'core',
    'cpu',
    'data',
    'fsize',
    'locks',
    'memlock',
    'msgqueue',
    'nice',
    'nofile',
    'nproc',
    'rss',
    'rtprio',
    'rttime',
    'sigpending',
    'stack',
  ]),
  /** null is unlimited. */
  soft: z.number().int().min(0).nullable(),
  hard: z.number().int().min(0).nullable(),
});

/** What separates a guest from the host and from others. Takes effect at the next start, but `devices` and `mounts`, which come and go live. */
export const guestIsolation = z.object({
  namespaces: z.partialRecord(z.enum(SHAREABLE_NAMESPACES), namespaceOwner),
  /** Root of the guest is root of the host. */
  privileged: z.boolean(),
  /** A chosen map instead of the guest's own range; null is the range. */
  idMap: z.array(idMapEntry).min(1).max(340).nullable(),
  /** It may make user namespaces and mounts: podman, unshare, Berth inside it. */
  nesting: z.boolean(),
  capabilities: z.object({ add: z.array(capabilityName).max(64), drop: z.array(capabilityName).max(64) }),
  seccomp: seccompSetting,
  /** Paths below /proc and /sys beside the usual ones (`add`), and usual ones that stay open (`remove`). */
  masked: z.object({ add: z.array(path('a path')).max(256), remove: z.array(path('a path')).max(256) }),
  readOnly: z.object({ add: z.array(path('a path')).max(256), remove: z.array(path('a path')).max(256) }),
  /** Of its own namespaces: `net.ipv4.ip_forward`. */
  sysctls: z.record(
    z
      .string()
      .regex(/^[a-z0-9_]+(\.[A-Za-z0-9_/-]+)+$/, 'a sysctl is named as net.ipv4.ip_forward')
      .max(200),
    z.string().max(1024),
  ),
  rlimits: z.array(rlimit).max(16),
  /** AppArmor profile or SELinux context of init, where the host has one. */
  label: z
    .string()
    .max(256)
    .regex(/^[^\0\n]+$/)
    .nullable(),
  mounts: z.array(bindMount).max(256),
  devices: z.array(guestDevice).max(128),
  /** What free, uptime and nproc tell inside are the guest's limits, where lxcfs is installed. */
  lxcfs: z.boolean(),
});
export type GuestIsolation = z.infer<typeof guestIsolation>;

export const DEFAULT_ISOLATION: GuestIsolation = {
  namespaces: {},
  privileged: false,
  idMap: null,
  nesting: false,
  capabilities: { add: [], drop: [] },
  seccomp: { mode: 'default' },
  masked: { add: [], remove: [] },
  readOnly: { add: [], remove: [] },
  sysctls: {},
  rlimits: [],
  label: null,
  mounts: [],
  devices: [],
  lxcfs: true,
};
