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

/** What `berth check` calls the features that a limit needs beyond its controller. */
const CHECKS: Partial<Record<LimitKey, readonly string[]>> = {
  cpuBurstMicros: ['cgroup.cpu.burst'],
  swap: ['cgroup.memory.swap'],
  memoryHigh: ['cgroup.memory.high'],
  memoryLow: ['cgroup.memory.low'],
  io: ['cgroup.io.limits'],
  ioWeight: ['cgroup.io.weight'],
  hugepages: ['cgroup.hugetlb'],
  networkReceive: ['network.tbf'],
  networkTransmit: ['network.tbf', 'network.ifb', 'network.ingress', 'network.mirred'],
};

/** Why this host does not tell how long guests wait, or null. Pure. */
export function pressureLack(report: HostCheckReport | null): string | null {
  const check = report?.checks.find(({ id }) => id === 'cgroup.pressure');
  return check && check.state !== 'yes' ? check.detail : null;
}

/** Why this host cannot hold a guest to a limit, or null: it can, or nobody knows otherwise. */
export function lackOf(key: LimitKey, host: HostView | null, report: HostCheckReport | null): string | null {
  const check = report?.checks.find(({ id, state }) => state === 'no' && CHECKS[key]?.includes(id));
  if (check) return check.detail;
  const controller = CONTROLLER[key];
  const controllers = host?.cgroup.controllers;
  if (controller && controllers && Object.hasOwn(controllers, controller)) {
    if (controllers[controller] === null) return `the kernel of this host has no ${controller} controller`;
  }
  if (key === 'swap' && host?.swap === 0) return 'this host has no swap';
  if (key === 'hugepages' && host && host.hugepages.length === 0)
    return 'the kernel of this host has no huge pages';
  return null;
}
