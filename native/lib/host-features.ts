import { type CgroupHierarchy, native } from './addon.ts';
import { NativeError } from './native-error.ts';

export interface Feature {
  name: string;
  available: boolean;
  /** Why it is missing. */
  reason: string | null;
}

export interface HostFeatures {
  layout: 'v2' | 'v1' | 'hybrid';
  controllers: Record<string, 'v1' | 'v2' | null>;
  features: Feature[];
}

/** What guests need, as the addon tries it, and how people call it. */
const PROBES = [
  ['user', 'user namespaces'],
  ['mnt', 'mount namespaces'],
  ['pid', 'pid namespaces'],
  ['uts', 'uts namespaces'],
  ['ipc', 'ipc namespaces'],
  ['net', 'network namespaces'],
  ['cgroup', 'cgroup namespaces'],
  ['time', 'time namespaces'],
  ['overlay', 'overlay file system'],
  ['idmap', 'id-mapped mounts'],
  ['veth', 'veth pairs'],
  ['bridge', 'bridges'],
  ['nat', 'nftables with masquerade'],
  ['seccomp', 'seccomp filters'],
] as const;

const CONTROLLERS = ['cpu', 'memory', 'pids', 'cpuset', 'io', 'hugetlb', 'devices', 'freezer'] as const;
/** On v2 these are the core's own, in every group: no controller is listed for them. */
const CORE_OF_V2 = new Set<string>(['devices', 'freezer']);
/** Limits that every guest has. */
const NEEDED: readonly string[] = ['cpu', 'memory', 'pids', 'devices', 'freezer'];

/**
 * What this kernel and host can do, found out by doing it in namespaces that go away. `folder`: where guests' layers
 * will be (id-mapped mounts depend on its file system).
 */
export async function hostFeatures(folder: string): Promise<HostFeatures> {
  const hierarchies = await native((addon) => addon.describeLayout());
  const controllers = controllersOf(hierarchies);
  const features: Feature[] = [];
  for (const [probe, name] of PROBES) {
    const reason = await whyNot(probe, folder);
    features.push({ name, available: reason === null, reason });
  }
  for (const name of NEEDED) {
    const found = controllers[name] ?? null;
    const reason = found ? null : `no mounted cgroup hierarchy has ${name}`;
    features.push({ name: `${name} controller`, available: found !== null, reason });
  }
  return { layout: layoutOf(hierarchies), controllers, features };
}

export function layoutOf(hierarchies: readonly CgroupHierarchy[]): HostFeatures['layout'] {
  const v2 = hierarchies.some((hierarchy) => hierarchy.v2);
  const v1 = hierarchies.some((hierarchy) => !hierarchy.v2);
  if (!v1) return 'v2';
  return v2 ? 'hybrid' : 'v1';
}

/** Which version has each controller that matters here. v1's blkio is v2's io. */
export function controllersOf(hierarchies: readonly CgroupHierarchy[]): HostFeatures['controllers'] {
  const versionOf = (name: string): 'v1' | 'v2' | null => {
    const old = name === 'io' ? 'blkio' : name;
    if (hierarchies.some((one) => !one.v2 && one.controllers.includes(old))) return 'v1';
    const v2 = hierarchies.find((one) => one.v2);
    if (!v2) return null;
    return v2.controllers.includes(name) || CORE_OF_V2.has(name) ? 'v2' : null;
  };
  return Object.fromEntries(CONTROLLERS.map((name) => [name, versionOf(name)]));
}

/**
 * Try one thing on this host, by the addon's name for it (native/addon/probes.h) or a file system's; null when it works, else why it
 * does not. Nothing of it stays. `folder`: for `idmap`, the one whose file system is meant.
 */
export async function whyNot(probe: string, folder: string): Promise<string | null> {
  try {
    await native((addon) => addon.probe(probe, folder));
    return null;
  } catch (error) {
    if (error instanceof NativeError) return error.message;
    throw error;
  }
}
