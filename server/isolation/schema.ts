import { z } from 'zod';
import type { GuestIsolation } from '../guest/schema.ts';
import type { OciSeccomp } from '../guest/seccomp-schema.ts';

export interface NamespaceView {
  /** `user`, `mnt`, `pid`, `uts`, `ipc`, `net`, `cgroup`, `time`, as in /proc/PID/ns. */
  type: string;
  inode: number;
  /** `own`: nobody else's; `host`; or names of the other guests that are in it. */
  shared: 'own' | 'host' | 'guests';
  guests: string[];
}

export interface CgroupNode {
  /** Below the guest's own group; '' is that. */
  path: string;
  processes: { pid: number; command: string }[];
  children: CgroupNode[];
}

export interface MountView {
  id: number;
  target: string;
  source: string;
  type: string;
  options: string[];
  readOnly: boolean;
  propagation: 'private' | 'shared' | 'slave' | 'unbindable';
  /** What Berth put it there for. */
  purpose: 'root' | 'kernel' | 'lxcfs' | 'device' | 'mask' | 'read-only' | 'configured' | 'guest';
}

/** One thing that is not as the default of its kind has it: shown first. */
export interface IsolationDifference {
  /** Where it is set: `isolation.capabilities`. */
  setting: string;
  /** `weaker` than the default, `stronger`, or just `other`. */
  effect: 'weaker' | 'stronger' | 'other';
  message: string;
}

/** How a guest is separated, read from the kernel at this moment; null parts while it does not run. */
export interface IsolationView {
  guest: { id: string; name: string; kind: 'system' | 'application'; privileged: boolean };
  settings: GuestIsolation;
  differences: IsolationDifference[];
  live: {
    initPid: number;
    readAt: string;
    namespaces: NamespaceView[];
    uidMap: { inside: number; outside: number; count: number }[];
    gidMap: { inside: number; outside: number; count: number }[];
    capabilities: { effective: string[]; bounding: string[]; inheritable: string[]; ambient: string[] };
    seccomp: { mode: 'none' | 'strict' | 'filter'; filters: number; profile: string };
    noNewPrivs: boolean;
    label: string | null;
    rlimits: { name: string; soft: string; hard: string }[];
    sysctls: { name: string; value: string }[];
    mounts: MountView[];
    /** Rules that the kernel applies (v1 devices.list; on v2 those of the filter). */
    devices: { type: 'c' | 'b' | 'a'; numbers: string; access: string; name: string | null }[];
    cgroup: {
      hierarchies: { controllers: string[]; version: 'v1' | 'v2'; path: string }[];
      tree: CgroupNode;
    };
  } | null;
}

/** What a guest did that the default filter of its kind refuses, and the profile that lets it. */
export interface LearnedSeccomp {
  /** Names of system calls. */
  calls: string[];
  /** How many more have no name on this host. */
  unnamed: number;
  /** Some were not seen: there were too many at once. */
  lost: boolean;
  running: boolean;
  profile: OciSeccomp;
}

export const isolationInput = z.object({ guest: z.string().min(1).max(63) });
