import { isDeepStrictEqual } from 'node:util';
import { AppError, type FieldPath } from '../errors/app-error.ts';
import type { Actor, Platform } from '../platform.ts';
import type { GuestIsolation } from './schema.ts';
import type { Settings } from './settings.ts';

/** A setting of a change that could reach the host, and why. */
export interface PrivilegedSetting {
  field: FieldPath;
  /** `a folder of the host (/srv)`. */
  what: string;
}

/** Ids of the host that are the guest's alone. */
export interface OwnRange {
  first: number;
  count: number;
}

const VOLUME = /^volume:[a-z0-9-]+$/;

/** What a running guest has at once. */
const LIVE_PARTS = ['mounts', 'devices'] as const;

type Secured = Pick<Settings, 'isolation' | 'init' | 'command'>;

/**
 * Devices that give nothing of the host away: memory-less ones, tun, fuse, kvm, GPUs, sound. All others may be disks, or reach
 * them by another way (/dev/sg0, USB, vfio).
 */
const HARMLESS_DEVICE =
  /^\/dev\/(null|zero|full|random|urandom|net\/tun|fuse|kvm|dri\/(card|renderD)\d+|snd\/\w+)$/;

/**
 * Which settings of a change only root or a privileged user may make, because they reach beyond the guest. The one place
 * that decides it, for create (`before` is null) and configure alike. What was so before, and what becomes stricter,
 * is anybody's. `inForce` is what the guest runs with at the moment. Pure.
 */
export function privilegedSettings(
  before: Secured | null,
  after: Secured,
  own: OwnRange,
  inForce: GuestIsolation | null = null,
): PrivilegedSetting[] {
  const { isolation, init } = after;
  const old = before?.isolation;
  const found: PrivilegedSetting[] = [];
  const add = (needed: boolean, field: FieldPath, what: string) => {
    if (needed) found.push({ field, what });
  };
  add(isolation.privileged && !old?.privileged, ['isolation', 'privileged'], 'root of the host in the guest');
  for (const [name, owner] of Object.entries(isolation.namespaces)) {
    const same = old?.namespaces[name as keyof GuestIsolation['namespaces']] === owner;
    const whose = owner === 'host' ? 'the host' : `another guest (${owner.slice('guest:'.length)})`;
    add(owner !== 'own' && !same, ['isolation', 'namespaces', name], `the ${name} namespace of ${whose}`);
  }
  add(
    reachesOut(isolation, own) && !isDeepStrictEqual(isolation.idMap, old?.idMap),
    ['isolation', 'idMap'],
    `ids outside the guest's own ${own.first} to ${own.first + own.count - 1}`,
  );
  for (const [at, mount] of isolation.mounts.entries()) {
    const known = old?.mounts.some((one) => isDeepStrictEqual(one, mount)) ?? false;
    add(
      !VOLUME.test(mount.source) && !known,
      ['isolation', 'mounts', at, 'source'],
      `a folder of the host (${mount.source})`,
    );
  }
  for (const [at, device] of isolation.devices.entries()) {
    const known = old?.devices.some((one) => isDeepStrictEqual(one, device)) ?? false;
    add(
      !HARMLESS_DEVICE.test(device.source) && !known,
      ['isolation', 'devices', at, 'source'],
      `a device that may reach the host's disks (${device.source})`,
    );
  }
  const { seccomp, label } = isolation;
  add(
    (seccomp.mode === 'log' || seccomp.mode === 'profile') && !isDeepStrictEqual(seccomp, old?.seccomp),
    ['isolation', 'seccomp'],
    'a filter of system calls other than the default',
  );
  for (const part of ['masked', 'readOnly'] as const) {
    const opened = isolation[part].remove.filter((path) => !old?.[part].remove.includes(path));
    add(opened.length > 0, ['isolation', part, 'remove'], `opening ${opened.join(', ')} to the guest`);
  }
  add(label !== null && label !== old?.label, ['isolation', 'label'], 'another label than the default');
  const hooks = init.hooks.filter((hook) => !before?.init.hooks.some((one) => isDeepStrictEqual(one, hook)));
  add(hooks.length > 0, ['init', 'hooks'], `a program that runs as root of the host (${hooks[0]?.path})`);
  return [...found, ...inGuestOfRoot(before, after, own), ...inRunOfRoot(before, after, own, inForce)];
}

/** In a guest whose root is root of the host, whatever says what runs or with which powers says what the host runs. */
function inGuestOfRoot(before: Secured | null, after: Secured, own: OwnRange): PrivilegedSetting[] {
  if (!before || !hasHostsRoot(before.isolation, own) || !hasHostsRoot(after.isolation, own)) return [];
  const found: PrivilegedSetting[] = [];
  if (!isDeepStrictEqual(before.command, after.command)) {
    found.push({ field: ['command'], what: 'what a privileged guest runs' });
  }
  for (const [part, value] of Object.entries(after.init)) {
    if (part === 'restart' || part === 'autostart' || part === 'hooks') continue;
    if (isDeepStrictEqual(value, before.init[part as keyof typeof before.init])) continue;
    found.push({ field: ['init', part], what: 'what a privileged guest runs' });
  }
  for (const [part, value] of Object.entries(after.isolation)) {
    if (part === 'lxcfs') continue;
    if (isDeepStrictEqual(value, before.isolation[part as keyof GuestIsolation])) continue;
    // A volume over its /bin is also what it runs.
    found.push({ field: ['isolation', part], what: 'a wall of a privileged guest' });
  }
  return found;
}

/** The same of what comes into a run at once, whatever the guest is to be at its next start. */
function inRunOfRoot(
  before: Secured | null,
  after: Secured,
  own: OwnRange,
  inForce: GuestIsolation | null,
): PrivilegedSetting[] {
  if (!before || !inForce || !hasHostsRoot(inForce, own)) return [];
  return LIVE_PARTS.flatMap((part) =>
    isDeepStrictEqual(before.isolation[part], after.isolation[part])
      ? []
      : [{ field: ['isolation', part], what: 'a wall of a guest that runs privileged' }],
  );
}

/**
 * Whether ids of the host beyond its own range are in a guest's hands: then who is root in it has powers of the host's
 * root, or of another guest's. Pure.
 */
export function hasHostsRoot(isolation: GuestIsolation, own: OwnRange): boolean {
  const user = isolation.namespaces.user ?? 'own';
  return isolation.privileged || user !== 'own' || reachesOut(isolation, own);
}

function reachesOut({ idMap }: GuestIsolation, own: OwnRange): boolean {
  const end = own.first + own.count;
  return idMap?.some((one) => one.outside < own.first || one.outside + one.count > end) ?? false;
}

/** Whether an actor may do what reaches the host: root, the server itself, and users to whom root has granted it. */
export async function isPrivileged({ db }: Pick<Platform, 'db'>, actor: Actor): Promise<boolean> {
  if (actor.kind !== 'user') return true;
  // What reaches the host is given to a person, never to a program of theirs.
  if (actor.token) return false;
  const user = await db.user.findUnique({ where: { id: actor.id }, select: { privileged: true } });
  return user?.privileged ?? false;
}

/** Throws `forbidden` on the first field, naming the command that grants it, unless the actor is `privileged`. */
export function requirePrivilege(
  { actor, privileged }: { actor: Actor; privileged: boolean },
  settings: readonly PrivilegedSetting[],
): void {
  const [first] = settings;
  if (!first || privileged) return;
  throw new AppError('forbidden', `${first.field.join('.')}: ${first.what} ${onlyFor(actor)}`, {
    field: first.field,
  });
}

/** `is for root and privileged users: …`, with the command that makes the actor one. */
export function onlyFor(actor: Actor): string {
  const who = actor.kind === 'user' ? actor.username : 'USER';
  return `is for root and privileged users only: root grants it by berth admin privileged ${who} on`;
}
