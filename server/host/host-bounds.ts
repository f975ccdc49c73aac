import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** The most that one guest may be given on this host. */
export interface HostBounds {
  /** Cores. */
  cpu: number;
  /** Bytes. */
  memory: number;
  swap: number;
  pids: number;
}

/** What the host has, from proc(5) below `root` (another folder in tests). */
export function hostBounds(root = ''): HostBounds {
  const meminfo = readFileSync(`${root}/proc/meminfo`, 'utf8');
  return {
    cpu: cpus().length,
    memory: meminfoBytes(meminfo, 'MemTotal'),
    swap: meminfoBytes(meminfo, 'SwapTotal'),
    pids: Number(readFileSync(`${root}/proc/sys/kernel/pid_max`, 'utf8')),
  };
}

/** One line of /proc/meminfo in bytes; 0 when it is not there. */
export function meminfoBytes(meminfo: string, name: string): number {
  const line = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(meminfo);
  return line ? Number(line[1]) * 1024 : 0;
}
