import type { HostCheckReport } from '../../../server/host/check-schema.ts';
import type { HostView } from '../../../server/host/schema.ts';
import type { LimitKey } from './limit-text.ts';

/** The controller that each limit is a setting of; network rates are none. */
const CONTROLLER: Partial<Record<LimitKey, string>> = {
  cpu: 'cpu',
  cpuWeight: 'cpu',
  cpuPeriodMicros: 'cpu',
  cpuBurstMicros: 'cpu',
  cpuset: 'cpuset',
  memory: 'memory',
  swap: 'memory',
  memoryHigh: 'memory',
  memoryLow: 'memory',
  outOfMemory: 'memory',
  io: 'io',
  ioWeight: 'io',
  pids: 'pids',
  hugepages: 'hugetlb',
};

/** Settings that only the memory controller of cgroup v2 has. */
const V2_ONLY: readonly LimitKey[] = ['memoryHigh', 'memoryLow'];

/** What `berth check` calls the feature that a limit needs beyond its controller. */
const CHECK: Partial<Record<LimitKey, string>> = {
  cpuBurstMicros: 'cgroup.cpu.burst',
  swap: 'cgroup.memory.swap',
  ioWeight: 'cgroup.io.weight',
  hugepages: 'cgroup.hugetlb',
  networkReceive: 'network.shaping',
  networkTransmit: 'network.shaping',
};

/** Why this host cannot hold a guest to a limit, or null: it can, or nobody knows otherwise. */
export function lackOf(key: LimitKey, host: HostView | null, report: HostCheckReport | null): string | null {
  const check = report?.checks.find(({ id }) => id === CHECK[key]);
  if (check?.state === 'no') return check.detail;
  const controller = CONTROLLER[key];
  const controllers = host?.cgroup.controllers;
  if (controller && controllers && Object.hasOwn(controllers, controller)) {
    const version = controllers[controller];
    if (version === null) return `the kernel of this host has no ${controller} controller`;
    if (version === 'v1' && V2_ONLY.includes(key))
      return `the ${controller} controller of this host is of cgroup v1, which has no such setting; cgroup v2 has`;
  }
  if (key === 'swap' && host?.swap === 0) return 'this host has no swap';
  if (key === 'hugepages' && host && host.hugepages.length === 0) return 'the kernel of this host has no huge pages';
  return null;
}
