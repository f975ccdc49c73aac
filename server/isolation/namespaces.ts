import { readlinkSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { GuestRecord } from '../guest/record.ts';
import type { NamespaceView } from './schema.ts';

/** As in /proc/PID/ns. */
const TYPES = ['user', 'mnt', 'pid', 'uts', 'ipc', 'net', 'cgroup', 'time'] as const;
/** Guests between two turns of the event loop. */
const BATCH = 50;

/** The namespaces of a running guest's init, and who else is in each: the host, or other running guests. */
export async function readNamespaces(
  all: readonly GuestRecord[],
  record: GuestRecord,
): Promise<NamespaceView[]> {
  const own = inodesOf(record.run?.initPid ?? 0);
  const host = inodesOf('self');
  const guests = new Map<string, string[]>(TYPES.map((type) => [type, []]));
  const others = all.filter((one) => one.run && one.id !== record.id);
  for (const [at, other] of others.entries()) {
    if (at % BATCH === BATCH - 1) await setImmediate();
    const theirs = inodesOf(other.run?.initPid ?? 0);
    for (const type of TYPES) {
      if (theirs.get(type) === own.get(type)) guests.get(type)?.push(other.name);
    }
  }
  return TYPES.flatMap((type) => {
    const inode = own.get(type);
    // A kernel without this kind of namespace.
    if (inode === undefined) return [];
    const names = (guests.get(type) ?? []).sort();
    const isHost = host.get(type) === inode;
    const shared = isHost ? 'host' : names.length > 0 ? 'guests' : 'own';
    return [{ type, inode, shared, guests: names } as const];
  });
}

function inodesOf(pid: number | 'self'): Map<string, number> {
  const found = new Map<string, number>();
  for (const type of TYPES) {
    try {
      const inode = /\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/ns/${type}`))?.[1];
      if (inode) found.set(type, Number(inode));
    } catch {
      // The process has ended, or the kernel has no such namespaces.
    }
  }
  return found;
}
