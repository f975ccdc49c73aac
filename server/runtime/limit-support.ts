import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import type { GuestLimits } from '../guest/limits-schema.ts';
import type { Kernel } from './kernel.ts';

type Hierarchy = Awaited<ReturnType<Kernel['hierarchies']>>[number];

/** A limit beyond the four that all have, with the files that apply it; none: that version has nothing of the kind. */
interface Support {
  limit: keyof GuestLimits;
  controller: string;
  v1: readonly string[];
  v2: readonly string[];
  wanted: (limits: GuestLimits) => boolean;
}

const SUPPORTS: readonly Support[] = [
  {
    limit: 'cpuWeight',
    controller: 'cpu',
    v1: ['cpu.shares'],
    v2: ['cpu.weight'],
    wanted: ({ cpuWeight }) => cpuWeight !== 100,
  },
  {
    limit: 'cpuBurstMicros',
    controller: 'cpu',
    v1: ['cpu.cfs_burst_us'],
    v2: ['cpu.max.burst'],
    wanted: ({ cpuBurstMicros }) => cpuBurstMicros > 0,
  },
  {
    limit: 'cpuset',
    controller: 'cpuset',
    v1: ['cpuset.cpus'],
    v2: ['cpuset.cpus'],
    wanted: ({ cpuset }) => cpuset !== null,
  },
  {
    limit: 'memoryHigh',
    controller: 'memory',
    v1: [],
    v2: ['memory.high'],
    wanted: ({ memoryHigh }) => memoryHigh !== null,
  },
  {
    limit: 'memoryLow',
    controller: 'memory',
    v1: [],
    v2: ['memory.low'],
    wanted: ({ memoryLow }) => memoryLow > 0,
  },
  {
    limit: 'ioWeight',
    controller: 'io',
    v1: ['blkio.bfq.weight'],
    v2: ['io.weight', 'io.bfq.weight'],
    wanted: ({ ioWeight }) => ioWeight !== null,
  },
  {
    limit: 'io',
    controller: 'io',
    v1: ['blkio.throttle.read_bps_device'],
    v2: ['io.max'],
    wanted: ({ io }) => io.length > 0,
  },
  {
    limit: 'hugepages',
    controller: 'hugetlb',
    v1: [],
    v2: [],
    wanted: ({ hugepages }) => hugepages.length > 0,
  },
];

/**
 * Throws `unsupported` on the field of the first limit that this host's kernel has nothing for, naming the controller or the
 * file that is missing. `group`: one of ours, where files are looked for once it is there.
 */
export function assertLimitsSupported(
  hierarchies: readonly Hierarchy[],
  group: string,
  limits: GuestLimits,
): void {
  for (const support of SUPPORTS) {
    if (!support.wanted(limits)) continue;
    const reason = reasonAgainst(hierarchies, group, support);
    if (reason === null) continue;
    throw new AppError('unsupported', `${support.limit} cannot be set on this host: ${reason}`, {
      field: ['limits', support.limit],
    });
  }
}

function reasonAgainst(hierarchies: readonly Hierarchy[], group: string, support: Support): string | null {
  const { controller } = support;
  const old = controller === 'io' ? 'blkio' : controller;
  const found =
    hierarchies.find((one) => !one.v2 && one.controllers.includes(old)) ??
    hierarchies.find((one) => one.v2 && one.controllers.includes(controller));
  if (!found) return `no mounted cgroup hierarchy has the ${controller} controller`;
  // Its files carry the page size, which is checked by itself.
  if (controller === 'hugetlb') return null;
  const files = found.v2 ? support.v2 : support.v1;
  if (files.length === 0) return `its ${controller} controller is cgroup v1's, which has no ${support.v2[0]}`;
  const folder = join(found.mount, group);
  if (!hasController(found, folder, controller)) return null;
  if (files.some((file) => existsSync(join(folder, file)))) return null;
  const cause = support.limit === 'ioWeight' ? ': neither io.cost nor the BFQ scheduler is there' : '';
  return `the kernel has no ${files.join(' or ')}${cause}`;
}

/** Whether the group is there and has its files: on v2 only where the controller is passed on to it. */
function hasController({ v2 }: Hierarchy, folder: string, controller: string): boolean {
  if (!existsSync(folder)) return false;
  if (!v2) return true;
  return readFileSync(join(folder, 'cgroup.controllers'), 'utf8').trim().split(' ').includes(controller);
}
