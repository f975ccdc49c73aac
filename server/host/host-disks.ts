import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { HostView } from './schema.ts';

/** Memory that only looks like a disk, or a view of a file: rates are set for what is below them. */
const NO_DISK = /^(loop|ram|zram|fd|sr)\d/;
const SECTOR = 512;

/** Whole disks that rates can be set for, from /sys/block below `root` (another folder in tests). None where sysfs tells none. */
export function hostDisks(root = ''): HostView['disks'] {
  const names = list(`${root}/sys/block`).filter((name) => !NO_DISK.test(name));
  return names.sort().flatMap((name) => {
    const folder = path.join(`${root}/sys/block`, name);
    const [device, sectors] = [read(path.join(folder, 'dev')), Number(read(path.join(folder, 'size')))];
    // sysfs writes a slash of a name as an exclamation mark: cciss!c0d0
    return device && sectors > 0
      ? [{ device, node: `/dev/${name.replaceAll('!', '/')}`, size: sectors * SECTOR }]
      : [];
  });
}

/** Sizes of huge pages as hugetlb names them (`2MB`), with how many there are and are free. */
export function hostHugepages(root = ''): HostView['hugepages'] {
  const folder = `${root}/sys/kernel/mm/hugepages`;
  return list(folder)
    .flatMap((name) => {
      const kib = Number(/^hugepages-(\d+)kB$/.exec(name)?.[1] ?? Number.NaN);
      if (!(kib > 0)) return [];
      const count = (file: string) => Number(read(path.join(folder, name, file)) ?? 0);
      return [
        {
          size: sizeName(kib),
          bytes: kib * 1024,
          total: count('nr_hugepages'),
          free: count('free_hugepages'),
        },
      ];
    })
    .sort((a, b) => a.bytes - b.bytes);
}

/** As mm/hugetlb_cgroup.c (mem_fmt) names a size: the largest unit that it is at least one of. */
function sizeName(kib: number): string {
  if (kib >= 1024 ** 2) return `${Math.floor(kib / 1024 ** 2)}GB`;
  return kib >= 1024 ? `${Math.floor(kib / 1024)}MB` : `${kib}KB`;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
