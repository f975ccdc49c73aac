import type { HostCheck } from '../check-schema.ts';
import type { Hierarchy } from './cgroup-hierarchies.ts';
import { namesOf, type Probing, textOf } from './probing.ts';

interface FileFeature {
  id: string;
  name: string;
  /** Any of them will do. */
  files: readonly string[];
  missing: string;
  consequence: string;
}

const FEATURES: readonly FileFeature[] = [
  {
    id: 'cgroup.memory.high',
    name: 'throttling before the memory limit',
    files: ['memory.high'],
    missing: 'only v2 has memory.high',
    consequence: 'a guest that reaches its memory limit meets the OOM killer without being slowed down first',
  },
  {
    id: 'cgroup.memory.low',
    name: 'protected memory',
    files: ['memory.low', 'memory.soft_limit_in_bytes'],
    missing: 'groups have no memory.low',
    consequence: 'no memory can be kept for a guest when the host runs short',
  },
  {
    id: 'cgroup.cpu.burst',
    name: 'CPU burst',
    files: ['cpu.max.burst', 'cpu.cfs_burst_us'],
    missing: 'groups have no cpu.max.burst; it takes Linux 5.14',
    consequence: 'CPU that a guest did not use cannot be saved up for a burst',
  },
  {
    id: 'cgroup.io.limits',
    name: 'disk rates',
    files: ['io.max', 'blkio.throttle.read_bps_device'],
    missing: 'the kernel needs CONFIG_BLK_DEV_THROTTLING',
    consequence: 'bytes and operations per second of guests cannot be limited',
  },
  {
    id: 'cgroup.kill',
    name: 'killing a group at once',
    files: ['cgroup.kill'],
    missing: 'no v2 hierarchy with cgroup.kill; it takes Linux 5.14',
    consequence: 'a guest is killed process by process, which a fork bomb makes slow',
  },
  {
    id: 'cgroup.freeze',
    name: 'freezing',
    files: ['cgroup.freeze', 'freezer.state'],
    missing: 'there is neither cgroup.freeze nor the freezer of v1',
    consequence: 'guests cannot be frozen',
  },
];

/** What groups can do beside the controllers' first purpose, told by the files that they have. */
export function checkCgroupFeatures(probing: Probing, hierarchies: readonly Hierarchy[]): HostCheck[] {
  const files = new Set(hierarchies.flatMap((hierarchy) => [...hierarchy.files]));
  return [
    ...FEATURES.map(({ id, name, files: wanted, missing, consequence }): HostCheck => {
      const found = wanted.find((file) => files.has(file));
      return {
        id,
        group: 'cgroups',
        name,
        required: id === 'cgroup.freeze',
        state: found ? 'yes' : 'no',
        detail: found ?? missing,
        consequence: found ? null : consequence,
      };
    }),
    swap(probing, files),
    diskWeight(probing, files),
    pressure(probing, files),
  ];
}

function swap(probing: Probing, files: ReadonlySet<string>): HostCheck {
  const file = ['memory.swap.max', 'memory.memsw.limit_in_bytes'].find((name) => files.has(name));
  const total = Number(/^SwapTotal:\s+(\d+)/m.exec(textOf(probing, '/proc/meminfo') ?? '')?.[1] ?? 0);
  const base = { id: 'cgroup.memory.swap', group: 'cgroups', name: 'swap limits', required: false } as const;
  if (!file) {
    const detail = 'the kernel does not account for swap; start the host with swapaccount=1';
    return { ...base, state: 'no', detail, consequence: 'a guest can use up the swap of the host' };
  }
  return total === 0
    ? {
        ...base,
        state: 'partly',
        detail: `${file}, but the host has no swap`,
        consequence: 'guests get no swap, whatever they are given',
      }
    : { ...base, state: 'yes', detail: file, consequence: null };
}

function diskWeight(probing: Probing, files: ReadonlySet<string>): HostCheck {
  const base = { id: 'cgroup.io.weight', group: 'cgroups', name: 'disk weight', required: false } as const;
  const consequence = 'guests share a busy disk as it comes, whatever their weight';
  const bfqFile = ['io.bfq.weight', 'blkio.bfq.weight'].find((name) => files.has(name));
  const disks = namesOf(probing, '/sys/block').filter((disk) => !/^(loop|ram|zram|sr|fd)\d/.test(disk));
  const bfq = disks.filter((disk) =>
    textOf(probing, `/sys/block/${disk}/queue/scheduler`)?.includes('[bfq]'),
  );
  const cost = (textOf(probing, '/sys/fs/cgroup/io.cost.qos') ?? '').includes('enable=1');
  if (bfqFile && bfq.length > 0) {
    const rest = disks.filter((disk) => !bfq.includes(disk));
    const partly = rest.length > 0;
    const detail = `BFQ schedules ${bfq.join(', ')}${partly ? `, not ${rest.join(', ')}` : ''}`;
    return {
      ...base,
      state: partly ? 'partly' : 'yes',
      detail,
      consequence: partly ? `${consequence}, on ${rest.join(', ')}` : null,
    };
  }
  if (files.has('io.weight') && cost)
    return { ...base, state: 'yes', detail: 'io.weight with io.cost', consequence: null };
  const able = disks.filter((disk) => textOf(probing, `/sys/block/${disk}/queue/scheduler`)?.includes('bfq'));
  const remedy =
    able.length > 0
      ? `echo bfq > /sys/block/${able[0]}/queue/scheduler`
      : 'the kernel needs CONFIG_IOSCHED_BFQ with CONFIG_BFQ_GROUP_IOSCHED, or io.cost';
  return { ...base, state: 'no', detail: `no disk is scheduled by BFQ; ${remedy}`, consequence };
}

function pressure(probing: Probing, files: ReadonlySet<string>): HostCheck {
  const whole = textOf(probing, '/proc/pressure/cpu') !== null;
  const each = files.has('cpu.pressure');
  return {
    id: 'cgroup.pressure',
    group: 'cgroups',
    name: 'pressure (PSI)',
    required: false,
    state: each ? 'yes' : whole ? 'partly' : 'no',
    detail: each
      ? 'of each guest and of the host'
      : whole
        ? 'of the host only; groups tell theirs on v2'
        : 'the kernel has it off; start the host with psi=1',
    consequence: each ? null : 'how long guests wait for CPU, memory and disks is not shown',
  };
}
