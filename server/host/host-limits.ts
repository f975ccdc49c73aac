import { readdirSync, readFileSync } from 'node:fs';

/** What of this host's parts limits can name. */
export interface HostParts {
  /** CPUs that are online. */
  cpus: ReadonlySet<number>;
  /** Sizes of huge pages in bytes, by the name that hugetlb's files have: `2MB`. */
  hugepages: ReadonlyMap<string, number>;
}

/** From sysfs below `root` (another folder in tests). */
export function hostParts(root = ''): HostParts {
  return {
    cpus: parseCpuList(readFileSync(`${root}/sys/devices/system/cpu/online`, 'utf8').trim()),
    hugepages: hugepageSizes(`${root}/sys/kernel/mm/hugepages`),
  };
}

/** `0-1,3` (cpuset(7)). Ranges that run backwards are empty. Pure. */
export function parseCpuList(text: string): Set<number> {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    // No machine has more; a list of a form must not keep us counting.
    for (let cpu = first; cpu <= Math.min(last, 65_535); cpu++) found.add(cpu);
    if (last > 65_535) found.add(last);
  }
  return found;
}

/** Of `hugepages-2048kB` and its like; none where the kernel has no huge pages. */
function hugepageSizes(folder: string): Map<string, number> {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return new Map();
  }
  return new Map(
    names.flatMap((name) => {
      const kib = Number(/^hugepages-(\d+)kB$/.exec(name)?.[1]);
      return kib > 0 ? [[sizeName(kib), kib * 1024] as const] : [];
    }),
  );
}

/** As the kernel names a page size in its files (mm/hugetlb_cgroup.c). */
function sizeName(kib: number): string {
  const GiB = 1024 * 1024;
  if (kib >= GiB) return `${kib / GiB}GB`;
  return kib >= 1024 ? `${kib / 1024}MB` : `${kib}KB`;
}
