import type { HostCheck } from '../check-schema.ts';
import { numberOf, type Probing, tryAll } from './probing.ts';

const NAMESPACES = [
  ['user', 'CONFIG_USER_NS'],
  ['mnt', 'CONFIG_NAMESPACES'],
  ['pid', 'CONFIG_PID_NS'],
  ['uts', 'CONFIG_UTS_NS'],
  ['ipc', 'CONFIG_IPC_NS'],
  ['net', 'CONFIG_NET_NS'],
  ['cgroup', 'CONFIG_CGROUPS'],
  ['time', 'CONFIG_TIME_NS'],
] as const;
/** A guest has one of each; this many guests are not yet held back. */
const MANY_GUESTS = 1024;

/** Every kind of namespace, made for real, and how many there may be. */
export async function checkNamespaces(probing: Probing): Promise<HostCheck[]> {
  const made = await tryAll(
    probing,
    NAMESPACES.map(([kind, option]) => ({
      id: `namespaces.${kind}`,
      group: 'namespaces' as const,
      name: `${kind} namespaces`,
      probe: kind,
      required: true,
      detail: 'made one',
      remedy: `the kernel needs ${option}`,
      consequence: 'guests do not start',
    })),
  );
  return [...made, namespaceCounts(probing)];
}

function namespaceCounts(probing: Probing): HostCheck {
  const counts = NAMESPACES.flatMap(([kind]) => {
    const most = numberOf(probing, `/proc/sys/user/max_${kind}_namespaces`);
    return most === null ? [] : [{ kind, most }];
  });
  const few = counts.filter(({ most }) => most < MANY_GUESTS);
  const none = few.some(({ most }) => most === 0);
  const least = Math.min(...counts.map(({ most }) => most));
  return {
    id: 'namespaces.count',
    group: 'namespaces',
    name: 'number of namespaces',
    required: true,
    ...(few.length === 0
      ? {
          state: 'yes',
          detail: counts.length === 0 ? 'no limit is told' : `at least ${least} of each kind`,
          consequence: null,
        }
      : {
          state: none ? 'no' : 'partly',
          detail: `${few.map(({ kind, most }) => `user.max_${kind}_namespaces is ${most}`).join(', ')}; raise with sysctl`,
          consequence: none ? 'guests do not start' : `no more than ${least} guests run at once`,
        }),
  };
}
