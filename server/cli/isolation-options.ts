import { DEFAULT_INIT, type GuestInit, restartPolicy } from '../guest/init-schema.ts';
import { type BindMount, DEFAULT_ISOLATION, type GuestIsolation } from '../guest/isolation-schema.ts';
import type { Invocation, OptionSpec } from './command.ts';
import { misused } from './fail.ts';

const one = (value: string, help: string): OptionSpec => ({ type: 'string', value, help });
const many = (value: string, help: string, short?: string): OptionSpec => ({
  type: 'string',
  multiple: true,
  value,
  help,
  ...(short && { short }),
});

/** What separates a guest and how its init runs, for `create`, `run` and `set`; everything else goes by --settings. */
export const ISOLATION_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  privileged: { type: 'boolean', help: 'root of the guest is root of the host' },
  nesting: { type: 'boolean', help: 'it may make user namespaces and mounts: podman, unshare' },
  namespace: many('NAME=OWNER', 'network=host, ipc=guest:web: a namespace that is not its own'),
  'cap-add': many('CAPABILITY', 'beside the usual ones: net_raw'),
  'cap-drop': many('CAPABILITY', 'of the usual ones: chown'),
  sysctl: many('NAME=VALUE', 'of its own namespaces: net.ipv4.ip_forward=1'),
  volume: many('SOURCE:TARGET[:ro]', 'a volume by its name, or a folder of the host', 'v'),
  device: many('DEVICE', 'of the host: /dev/net/tun'),
  env: many('NAME=VALUE', 'of its init’s environment', 'e'),
  user: one('USER', 'that its init runs as: a name or UID[:GID]'),
  workdir: one('DIR', 'where its init begins'),
  restart: one('POLICY', 'no, on-failure or always'),
  autostart: { type: 'boolean', help: 'start it when the host has booted' },
};

type Typed = Pick<Invocation, 'text' | 'texts' | 'flag'>;

/**
 * The parts that were typed, whole: each stands for itself and replaces what was there. `now`: what a guest has, for
 * parts that are typed in pieces. Throws `bad_input`.
 */
export function readIsolation(
  { texts, flag }: Typed,
  now: GuestIsolation = DEFAULT_ISOLATION,
): Partial<GuestIsolation> | undefined {
  const out: Partial<GuestIsolation> = {};
  if (flag('privileged')) out.privileged = true;
  if (flag('nesting')) out.nesting = true;
  if (texts('namespace').length > 0)
    out.namespaces = { ...now.namespaces, ...namespaces(texts('namespace')) };
  const [add, drop] = [texts('cap-add'), texts('cap-drop')].map((list) => list.map(capability));
  if (add?.length || drop?.length) {
    out.capabilities = { add: union(now.capabilities.add, add), drop: union(now.capabilities.drop, drop) };
  }
  if (texts('sysctl').length > 0) out.sysctls = { ...now.sysctls, ...pairs(texts('sysctl'), '--sysctl') };
  if (texts('volume').length > 0) {
    const mounts = texts('volume').map(mountOf);
    const places = new Set(mounts.map((mount) => mount.target));
    out.mounts = [...now.mounts.filter((mount) => !places.has(mount.target)), ...mounts];
  }
  if (texts('device').length > 0) {
    const devices = texts('device').map((source) => ({
      source,
      target: null,
      access: 'rw',
      mode: 0o660,
      uid: 0,
      gid: 0,
    }));
    const places = new Set(texts('device'));
    out.devices = [
      ...now.devices.filter((device) => !places.has(device.target ?? device.source)),
      ...devices,
    ];
  }
  return Object.keys(out).length === 0 ? undefined : out;
}

/** The same of its init. */
export function readInit(
  { text, texts, flag }: Typed,
  now: GuestInit = DEFAULT_INIT,
): Partial<GuestInit> | undefined {
  const out: Partial<GuestInit> = {};
  if (texts('env').length > 0) out.environment = { ...now.environment, ...pairs(texts('env'), '--env') };
  const [user, workdir, restart] = ['user', 'workdir', 'restart'].map(text);
  if (user !== undefined) out.user = user;
  if (workdir !== undefined) out.workdir = workdir;
  if (restart !== undefined) {
    const policies = restartPolicy.shape.policy.options;
    const policy = policies.find((known) => known === restart);
    if (!policy) throw misused(`--restart is ${JSON.stringify(restart)}: it must be ${policies.join(', ')}`);
    out.restart = { ...now.restart, policy };
  }
  if (flag('autostart')) out.autostart = { ...now.autostart, enabled: true };
  return Object.keys(out).length === 0 ? undefined : out;
}

const union = (a: readonly string[], b: readonly string[] = []) => [...new Set([...a, ...b])];
/** `CAP_NET_RAW` as everybody else writes it. */
const capability = (name: string) => name.toLowerCase().replace(/^cap_/, '');

function pairs(words: readonly string[], option: string): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at < 1) throw misused(`${option} is ${JSON.stringify(word)}: give NAME=VALUE`);
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

function namespaces(words: readonly string[]): GuestIsolation['namespaces'] {
  return pairs(words, '--namespace');
}

/** `data:/srv`, `/srv/web:/var/www:ro`. */
function mountOf(word: string): BindMount {
  const [source = '', target = '', options = 'rw', ...rest] = word.split(':');
  if (!source || !target.startsWith('/') || rest.length > 0 || (options !== 'ro' && options !== 'rw')) {
    throw misused(
      `--volume is ${JSON.stringify(word)}: give NAME:/PATH, /HOST/PATH:/PATH, with :ro at the end`,
    );
  }
  return {
    source: source.startsWith('/') ? source : `volume:${source}`,
    target,
    readOnly: options === 'ro',
    idmap: true,
    recursive: false,
    propagation: 'private',
  };
}
