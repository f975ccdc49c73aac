import type { HostCheck } from '../check-schema.ts';
import { type Hierarchy, readHierarchies } from './cgroup-hierarchies.ts';
import { checkCgroupFeatures } from './check-cgroup-features.ts';
import { type Probing, tryAll } from './probing.ts';

interface Controller {
  name: string;
  /** As v1 calls it. */
  old?: string;
  required?: boolean;
  consequence: string;
}

const CONTROLLERS: readonly Controller[] = [
  { name: 'cpu', required: true, consequence: 'guests do not start: their CPU cannot be limited' },
  { name: 'memory', required: true, consequence: 'guests do not start: their memory cannot be limited' },
  { name: 'pids', required: true, consequence: 'guests do not start: a fork bomb could not be stopped' },
  { name: 'cpuset', consequence: 'guests cannot be kept to certain CPUs' },
  { name: 'io', old: 'blkio', consequence: 'disk rates of guests cannot be limited' },
  { name: 'hugetlb', consequence: 'huge pages of guests cannot be limited' },
];

/** The hierarchies, which of them has each controller, and what groups can do. */
export async function checkCgroups(probing: Probing): Promise<HostCheck[]> {
  const hierarchies = readHierarchies(probing);
  return [
    layout(hierarchies),
    groups(hierarchies),
    ...CONTROLLERS.map((controller) => placeOf(controller, hierarchies)),
    await devices(probing, hierarchies),
    netClass(hierarchies),
    ...checkCgroupFeatures(probing, hierarchies),
  ];
}

function layout(hierarchies: readonly Hierarchy[]): HostCheck {
  const versions = new Set(hierarchies.map(({ version }) => version));
  const old = versions.has('v1');
  const name = versions.size === 2 ? 'hybrid: v1 and v2' : old ? 'v1' : 'v2';
  const base = { id: 'cgroup.layout', group: 'cgroups', name: 'control groups', required: true } as const;
  if (hierarchies.length === 0) {
    const detail = 'no hierarchy is mounted; mount cgroup2 at /sys/fs/cgroup';
    return { ...base, state: 'no', detail, consequence: 'guests do not start' };
  }
  return {
    ...base,
    state: old ? 'partly' : 'yes',
    detail: old ? `${name}; start the host with systemd.unified_cgroup_hierarchy=1 for v2 alone` : name,
    consequence: old
      ? 'the kernel develops v1 no further and systemd 258 does not start on it; on v1 there is no memory.high, and guests get no limits to hand on'
      : null,
  };
}

function groups(hierarchies: readonly Hierarchy[]): HostCheck {
  const refused = hierarchies.filter((hierarchy) => hierarchy.refused !== null);
  return {
    id: 'cgroup.groups',
    group: 'cgroups',
    name: 'control groups of our own',
    required: true,
    state: refused.length > 0 || hierarchies.length === 0 ? 'no' : 'yes',
    detail:
      refused.length > 0
        ? refused.map(({ mount, refused: why }) => `${mount}: ${why}`).join(', ')
        : `made one in each of ${hierarchies.length} hierarchies`,
    consequence: refused.length > 0 || hierarchies.length === 0 ? 'guests do not start' : null,
  };
}

function placeOf(
  { name, old = name, required = false, consequence }: Controller,
  hierarchies: readonly Hierarchy[],
): HostCheck {
  const place =
    hierarchies.find(({ version, controllers }) => version === 'v1' && controllers.includes(old)) ??
    hierarchies.find(({ version, controllers }) => version === 'v2' && controllers.includes(name));
  return {
    id: `cgroup.${name}`,
    group: 'cgroups',
    name: `${name} controller`,
    required,
    state: place ? 'yes' : 'no',
    detail: place
      ? `${place.version} at ${place.mount}`
      : `no mounted hierarchy has it; the kernel may lack it, or have it off (cgroup_disable, cgroup_enable)`,
    consequence: place ? null : consequence,
  };
}

async function devices(probing: Probing, hierarchies: readonly Hierarchy[]): Promise<HostCheck> {
  const place = hierarchies.find(({ controllers }) => controllers.includes('devices'));
  const common = {
    id: 'cgroup.devices',
    group: 'cgroups',
    name: 'filter of devices',
    required: true,
  } as const;
  if (place) {
    return { ...common, state: 'yes', detail: `${place.version} at ${place.mount}`, consequence: null };
  }
  const [tried] = await tryAll(probing, [
    {
      ...common,
      probe: 'device-filter',
      detail: 'BPF program, loaded one',
      remedy: 'the kernel needs CONFIG_CGROUP_BPF',
      consequence: 'guests do not start: they could open every device',
    },
  ]);
  return tried as HostCheck;
}

/** Never mounted for us: mounting a v1 controller changes the whole host. Priorities are set at the guest's link instead. */
function netClass(hierarchies: readonly Hierarchy[]): HostCheck {
  const place = hierarchies.find(({ controllers }) => controllers.includes('net_cls'));
  return {
    id: 'cgroup.net_cls',
    group: 'cgroups',
    name: 'net_cls controller',
    required: false,
    state: 'yes',
    detail: place
      ? `v1 at ${place.mount}; priorities are told there too, as classes be0:1 to be0:8`
      : 'not mounted, and not needed: Berth marks traffic at the link of the guest',
    consequence: null,
  };
}
