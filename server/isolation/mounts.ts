import { closeSync, openSync, readSync } from 'node:fs';
import { printable } from '../guest/command-lines.ts';
import type { GuestIsolation } from '../guest/schema.ts';
import { MASKED_PATHS, NESTING_READ_ONLY_PATHS, READ_ONLY_PATHS } from '../guest/wall-schema.ts';
import type { MountView } from './schema.ts';

/** Bytes of mountinfo that are read, and mounts that are shown: a guest can make as many as it likes. */
const LONGEST = 1024 * 1024;
const MOST = 2000;

/** What Berth mounts in every guest beside the root. */
const KERNEL = new Set([
  '/proc',
  '/sys',
  '/sys/fs/cgroup',
  '/dev',
  '/dev/pts',
  '/dev/shm',
  '/dev/mqueue',
  '/run',
  '/tmp',
]);
/** For containers in a guest that nests (docs/isolation.md). */
const NESTING = new Set(['/dev/.berth/proc', '/dev/.berth/sys']);
/** native/core/lxcfs.cc */
const LXCFS = new Set([
  ...['cpuinfo', 'diskstats', 'loadavg', 'meminfo', 'slabinfo', 'stat', 'swaps', 'uptime'].map(
    (name) => `/proc/${name}`,
  ),
  '/sys/devices/system/cpu',
]);
const DEVICES = new Set(
  ['null', 'zero', 'full', 'random', 'urandom', 'tty', 'console'].map((name) => `/dev/${name}`),
);

/** The mounts of a running guest as its init has them. */
export function readMounts(pid: number, of: { isolation: GuestIsolation }): MountView[] {
  return parseMounts(readBounded(`/proc/${pid}/mountinfo`), of.isolation);
}

/** Of /proc/PID/mountinfo (proc_pid_mountinfo(5)). Pure. */
export function parseMounts(text: string, isolation: GuestIsolation): MountView[] {
  const views: MountView[] = [];
  for (const line of text.split('\n')) {
    if (views.length >= MOST) break;
    const [front = '', back = ''] = line.split(' - ');
    const [id, , , root = '', target, options = '', ...tags] = front.split(' ');
    const [type = '', source = ''] = back.split(' ');
    if (!id || target === undefined || type === '') continue;
    const path = unescaped(target);
    const list = options.split(',');
    views.push({
      id: Number(id),
      target: printable(path),
      source: printable(sourceOf(unescaped(source), unescaped(root))),
      type: printable(type),
      options: list.map(printable),
      readOnly: list.includes('ro'),
      propagation: propagationOf(tags),
      purpose: purposeOf(path, type, isolation),
    });
  }
  return views;
}

/** Of one that shows only a part, which part. */
function sourceOf(source: string, root: string): string {
  const whole = root === '/' || root === '';
  return whole ? source : source === 'none' ? root : `${source}:${root}`;
}

function propagationOf(tags: readonly string[]): MountView['propagation'] {
  if (tags.some((tag) => tag.startsWith('shared:'))) return 'shared';
  if (tags.some((tag) => tag.startsWith('master:'))) return 'slave';
  return tags.includes('unbindable') ? 'unbindable' : 'private';
}

function purposeOf(path: string, type: string, isolation: GuestIsolation): MountView['purpose'] {
  if (path === '/') return 'root';
  if (isolation.mounts.some((one) => one.target === path)) return 'configured';
  if (isolation.devices.some((one) => (one.target ?? one.source) === path) || DEVICES.has(path))
    return 'device';
  if (MASKED_PATHS.includes(path) || isolation.masked.add.includes(path)) return 'mask';
  const readOnly = isolation.nesting && !isolation.privileged ? NESTING_READ_ONLY_PATHS : READ_ONLY_PATHS;
  if (readOnly.includes(path) || isolation.readOnly.add.includes(path)) return 'read-only';
  if (isolation.lxcfs && LXCFS.has(path) && type === 'fuse.lxcfs') return 'lxcfs';
  return KERNEL.has(path) || (isolation.nesting && NESTING.has(path)) ? 'kernel' : 'guest';
}

/** Spaces and the like are written as octal numbers. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function readBounded(path: string): string {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(LONGEST);
    let length = 0;
    for (let count = -1; count !== 0 && length < LONGEST; length += count) {
      count = readSync(file, buffer, length, LONGEST - length, null);
    }
    // The last line may be cut.
    const text = buffer.toString('utf8', 0, length);
    return length < LONGEST ? text : text.slice(0, text.lastIndexOf('\n'));
  } finally {
    closeSync(file);
  }
}
