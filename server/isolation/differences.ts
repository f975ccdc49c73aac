import type { GuestIsolation, GuestKind } from '../guest/schema.ts';
import { KIND_CAPABILITIES } from '../guest/wall-schema.ts';
import type { IsolationDifference, IsolationView } from './schema.ts';

const ORDER = ['weaker', 'other', 'stronger'] as const;

/**
 * What of a guest's isolation is not as the default of its kind has it, what is weaker first; with `live` also what the
 * kernel applies otherwise than the settings say. Pure.
 */
export function differences(
  isolation: GuestIsolation,
  kind: GuestKind,
  live: IsolationView['live'],
): IsolationDifference[] {
  const found = [
    ...ofPowers(isolation, kind),
    ...ofPaths(isolation),
    ...ofThings(isolation),
    ...(live ? ofKernel(isolation, live) : []),
  ];
  return found.toSorted((a, b) => ORDER.indexOf(a.effect) - ORDER.indexOf(b.effect));
}

function difference(
  part: string,
  effect: IsolationDifference['effect'],
  message: string,
): IsolationDifference {
  return { setting: `isolation.${part}`, effect, message };
}

/** Whose namespaces and ids, which powers, which calls of the kernel. */
function ofPowers(isolation: GuestIsolation, kind: GuestKind): IsolationDifference[] {
  const found: IsolationDifference[] = [];
  const weaker = (part: string, message: string) => found.push(difference(part, 'weaker', message));
  const stronger = (part: string, message: string) => found.push(difference(part, 'stronger', message));
  if (isolation.privileged) weaker('privileged', 'root of the guest is root of the host');
  for (const [name, owner] of Object.entries(isolation.namespaces)) {
    if (owner === 'host') weaker(`namespaces.${name}`, `the ${name} namespace is the host's`);
    else if (owner !== 'own')
      weaker(`namespaces.${name}`, `the ${name} namespace is shared with ${owner.slice('guest:'.length)}`);
  }
  if (isolation.idMap) {
    found.push(difference('idMap', 'other', `ids are mapped by ${isolation.idMap.length} chosen ranges`));
  }
  if (isolation.nesting) weaker('nesting', 'it may make user namespaces and mounts of its own');
  const usual = KIND_CAPABILITIES[kind];
  const added = isolation.capabilities.add.filter((name) => !usual.includes(name));
  const dropped = isolation.capabilities.drop.filter((name) => usual.includes(name));
  if (added.length > 0) weaker('capabilities.add', `more capabilities: ${added.join(', ')}`);
  if (dropped.length > 0) stronger('capabilities.drop', `fewer capabilities: ${dropped.join(', ')}`);
  const { mode } = isolation.seccomp;
  if (mode === 'log') weaker('seccomp', 'system calls that the default refuses are only logged');
  if (mode === 'nesting') weaker('seccomp', 'system calls that make namespaces and mounts are allowed');
  if (mode === 'profile')
    found.push(difference('seccomp', 'other', 'system calls are filtered by a profile of its own'));
  return found;
}

function ofPaths(isolation: GuestIsolation): IsolationDifference[] {
  const { masked, readOnly } = isolation;
  const some = (part: string, effect: IsolationDifference['effect'], paths: string[], what: string) =>
    paths.length === 0 ? [] : [difference(part, effect, `${what}: ${shortened(paths)}`)];
  return [
    ...some('masked.remove', 'weaker', masked.remove, 'shown though usually hidden'),
    ...some('readOnly.remove', 'weaker', readOnly.remove, 'writable though usually read-only'),
    ...some('masked.add', 'stronger', masked.add, 'hidden too'),
    ...some('readOnly.add', 'stronger', readOnly.add, 'read-only too'),
  ];
}

/** What is given to it. */
function ofThings(isolation: GuestIsolation): IsolationDifference[] {
  const { mounts, devices, sysctls, rlimits, label, lxcfs } = isolation;
  return [
    ...mounts.map(({ source, target, readOnly }, at) => {
      const host = !source.startsWith('volume:');
      const what = `${host ? source : source.replace(':', ' ')} is at ${target}${readOnly ? ', read-only' : ''}`;
      return difference(`mounts.${at}`, host ? 'weaker' : 'other', what);
    }),
    ...devices.map(({ source, access }, at) =>
      difference(`devices.${at}`, 'weaker', `it has ${source} (${access})`),
    ),
    ...Object.entries(sysctls).map(([name, value]) =>
      difference(`sysctls.${name}`, 'other', `${name} is ${value}`),
    ),
    ...rlimits.map(({ name, soft, hard }, at) =>
      difference(
        `rlimits.${at}`,
        'other',
        `${name} is limited to ${soft ?? 'unlimited'}:${hard ?? 'unlimited'}`,
      ),
    ),
    ...(label === null ? [] : [difference('label', 'other', `its label is ${label}`)]),
    ...(lxcfs ? [] : [difference('lxcfs', 'other', "free, uptime and nproc tell the host's numbers")]),
  ];
}

/** Where the kernel does not do as it should: a wall that was not built. */
function ofKernel(
  isolation: GuestIsolation,
  live: NonNullable<IsolationView['live']>,
): IsolationDifference[] {
  const found: IsolationDifference[] = [];
  if (live.seccomp.mode !== 'filter') {
    found.push(difference('seccomp', 'weaker', 'the kernel filters none of its system calls'));
  }
  const hosts = live.namespaces.filter(({ shared }) => shared === 'host').map(({ type }) => type);
  const told = new Set(
    Object.entries(isolation.namespaces).flatMap(([name, owner]) =>
      owner === 'own' ? [] : [name === 'network' ? 'net' : name],
    ),
  );
  if (isolation.privileged) told.add('user');
  for (const type of hosts) {
    // The host's own time is what a guest without an offset of its own has.
    if (told.has(type) || type === 'time') continue;
    found.push(
      difference('namespaces', 'weaker', `its ${type} namespace is the host's, against its settings`),
    );
  }
  return found;
}

function shortened(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).join(', ');
  return paths.length > 5 ? `${shown} and ${paths.length - 5} more` : shown;
}
