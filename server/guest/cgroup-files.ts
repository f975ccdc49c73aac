import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { isPrivileged, onlyFor } from './privileges.ts';
import type { GuestServices } from './services.ts';

/**
 * Files that may be written by hand: limits, of v2 and v1. Not those that move or kill processes, freeze, delegate, notify
 * programs of the host (release_agent) or open devices: Berth has verbs for these, with their checks.
 */
const WRITABLE = [
  /^cpu\.(weight|weight\.nice|max|max\.burst|idle|shares|cfs_quota_us|cfs_period_us|cfs_burst_us|uclamp\.(min|max))$/,
  /^cpuset\.(cpus|mems)$/,
  /^memory\.(min|low|high|max|reclaim|oom\.group|peak|swap\.(high|max|peak)|zswap\.max|zswap\.writeback)$/,
  /^memory\.(limit_in_bytes|soft_limit_in_bytes|memsw\.limit_in_bytes|swappiness|force_empty|max_usage_in_bytes|failcnt)$/,
  /^io\.(weight|bfq\.weight|max|latency)$/,
  /^blkio\.(weight|weight_device|bfq\.weight|throttle\.(read|write)_(bps|iops)_device)$/,
  /^pids\.max$/,
  /^hugetlb\.\d+[KMG]B\.(max|rsvd\.max|limit_in_bytes)$/,
];

/** Files that give what a project may have a quota of. */
const COUNTED = {
  cpu: /^cpu\.(max|max\.burst|cfs_quota_us|cfs_period_us|cfs_burst_us)$/,
  memory: /^(memory\.(max|limit_in_bytes|memsw\.limit_in_bytes)|hugetlb\..*)$/,
};

/** Bytes of an answer: the kernel's files are short, but for statistics of many devices. */
const LONGEST = 64 * 1024;

/** One file of a running guest's own cgroup, in the hierarchy that has it. Throws `illegal_state`, `not_found`. */
export async function readCgroup(
  services: GuestServices,
  input: { guest: string; file: string },
): Promise<{ value: string }> {
  const record = runningGuest(services, input.guest);
  const value = await services.runtime.readCgroupFile(record.id, input.file);
  return { value: value.slice(0, LONGEST) };
}

/**
 * Write a limit into a running guest's cgroup by hand, past the inventory: it lasts until the next start, or the next
 * change of that limit. For root and privileged users. Resolves to what the kernel reads back.
 */
export async function writeCgroup(
  services: GuestServices,
  actor: Actor,
  input: { guest: string; file: string; value: string },
): Promise<{ value: string }> {
  const { file, value } = input;
  const record = runningGuest(services, input.guest);
  if (!(await isPrivileged(services, actor))) {
    throw new AppError('forbidden', `writing files of a cgroup ${onlyFor(actor)}`, { field: ['file'] });
  }
  if (!WRITABLE.some((pattern) => pattern.test(file))) {
    throw new AppError(
      'bad_input',
      `${file} is not written by hand: only limits are, such as memory.max, cpu.weight or pids.max`,
      { field: ['file'] },
    );
  }
  assertNoQuota(services, record.project, file);
  if (/[\0\n]/.test(value)) {
    throw new AppError('bad_input', 'a value is one line without NUL bytes', { field: ['value'] });
  }
  services.log.info('a file of a cgroup is written by hand', { guest: record.name, file, value });
  await services.runtime.writeCgroupFile(record.id, file, value);
  return readCgroup(services, { guest: record.id, file });
}

/** What a project has a quota of is given by settings alone, which are counted. Throws `over_quota` on field `file`. */
function assertNoQuota({ projects }: GuestServices, project: string, file: string): void {
  const { cpu, memory } = projects.get(project).quotas;
  const what = cpu !== null && COUNTED.cpu.test(file) ? 'cpu' : 'memory';
  if (what === 'memory' && (memory === null || !COUNTED.memory.test(file))) return;
  throw new AppError(
    'over_quota',
    `project ${project} has a quota of ${what}: change the limits of the guest instead of ${file}, so that they are counted`,
    { field: ['file'] },
  );
}

function runningGuest(services: GuestServices, ref: string) {
  const record = services.guests.get(ref);
  if (record.run) return record;
  throw new AppError(
    'illegal_state',
    `guest ${record.name} is ${record.state}: it has a cgroup only while it runs`,
    {
      field: ['guest'],
    },
  );
}
