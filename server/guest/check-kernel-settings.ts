import { existsSync, readFileSync } from 'node:fs';
import { AppError, type FieldPath } from '../errors/app-error.ts';
import { NO_REAL_TIME } from './real-time-schema.ts';
import type { GuestIsolation } from './schema.ts';
import { sysctlProblem } from './sysctl-schema.ts';

/** What this host allows its own processes, and so its guests. */
export interface HostSettings {
  /** Hard limits of this process by the names of prlimit(1), as /proc/self/limits has them; null is unlimited. */
  hardLimits: ReadonlyMap<string, number | null>;
  /** Whether root here may go over its own hard limits (CAP_SYS_RESOURCE). */
  mayRaise: boolean;
  /** fs.nr_open: nobody's nofile goes over it. */
  mostFiles: number;
  securityModule: 'apparmor' | 'selinux' | null;
}

type Given = Pick<
  GuestIsolation,
  'sysctls' | 'rlimits' | 'label' | 'namespaces' | 'privileged' | 'masked' | 'readOnly'
>;

/**
 * Throws `bad_input` on the setting's field for what no guest on this host could have: sysctls of the host, resource limits
 * over the host's own, labels without a module that knows them, paths that are no wall. Pure.
 */
export function checkKernelSettings(isolation: Given, host: HostSettings): void {
  const { namespaces, privileged } = isolation;
  const owners = privileged ? { ...namespaces, user: 'host' } : namespaces;
  for (const name of Object.keys(isolation.sysctls)) {
    const problem = sysctlProblem(name, owners);
    if (problem) throw wrong(['sysctls', name], problem);
  }
  for (const [at, limit] of isolation.rlimits.entries()) checkRlimit(limit, at, host);
  if (isolation.label !== null && host.securityModule === null) {
    throw wrong(
      ['label'],
      `the label ${isolation.label} cannot be given: this host runs neither AppArmor nor SELinux`,
    );
  }
  for (const list of ['masked', 'readOnly'] as const) {
    for (const [at, path] of isolation[list].add.entries()) {
      if (/^\/(proc|sys)\/./.test(path)) continue;
      throw wrong([list, 'add', at], `${path} cannot be closed: only paths below /proc and /sys can`);
    }
  }
}

function checkRlimit(
  { name, soft, hard }: GuestIsolation['rlimits'][number],
  at: number,
  { hardLimits, mayRaise, mostFiles }: HostSettings,
): void {
  const show = (value: number | null) => (value === null ? 'unlimited' : `${value}`);
  const over = (value: number | null, most: number | null) =>
    most !== null && (value === null || value > most);
  if (over(soft, hard)) {
    throw wrong(
      ['rlimits', at, 'soft'],
      `the soft limit of ${name}, ${show(soft)}, is over its hard limit ${show(hard)}`,
    );
  }
  if (name === 'rtprio' && hard !== 0) throw wrong(['rlimits', at, 'hard'], `rtprio: ${NO_REAL_TIME}`);
  const own = hardLimits.get(name) ?? null;
  const most = name === 'nofile' && (mayRaise || own === null) ? mostFiles : mayRaise ? null : own;
  if (over(hard, most)) {
    const message = `the hard limit of ${name}, ${show(hard)}, is over this host's own: choose at most ${show(most)}`;
    throw wrong(['rlimits', at, 'hard'], message);
  }
}

function wrong(path: FieldPath, message: string): AppError {
  return new AppError('bad_input', message, { field: ['isolation', ...path] });
}

/** How /proc/PID/limits names them (fs/proc/base.c). */
const LIMIT_TITLES: Readonly<Record<string, string>> = {
  as: 'Max address space',
  core: 'Max core file size',
  cpu: 'Max cpu time',
  data: 'Max data size',
  fsize: 'Max file size',
  locks: 'Max file locks',
  memlock: 'Max locked memory',
  msgqueue: 'Max msgqueue size',
  nice: 'Max nice priority',
  nofile: 'Max open files',
  nproc: 'Max processes',
  rss: 'Max resident set',
  rtprio: 'Max realtime priority',
  rttime: 'Max realtime timeout',
  sigpending: 'Max pending signals',
  stack: 'Max stack size',
};

const CAP_SYS_RESOURCE = 24n;

/** Read from the kernel; a few small files. */
export function hostSettings(): HostSettings {
  const limits = readFileSync('/proc/self/limits', 'utf8').split('\n');
  const hardLimits = new Map<string, number | null>();
  for (const [name, title] of Object.entries(LIMIT_TITLES)) {
    const line = limits.find((one) => one.startsWith(title));
    const hard = line?.slice(title.length).trim().split(/ +/)[1];
    if (hard !== undefined) hardLimits.set(name, hard === 'unlimited' ? null : Number(hard));
  }
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return {
    hardLimits,
    mayRaise: ((BigInt(`0x${effective}`) >> CAP_SYS_RESOURCE) & 1n) === 1n,
    mostFiles: Number(readFileSync('/proc/sys/fs/nr_open', 'utf8')),
    securityModule: securityModule(),
  };
}

function securityModule(): HostSettings['securityModule'] {
  if (existsSync('/sys/fs/selinux/enforce')) return 'selinux';
  const flag = '/sys/module/apparmor/parameters/enabled';
  return existsSync(flag) && readFileSync(flag, 'utf8').startsWith('Y') ? 'apparmor' : null;
}
