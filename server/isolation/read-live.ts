import { readFileSync } from 'node:fs';
import { startTimeOf } from '../child/process-identity.ts';
import { capabilitiesOf } from '../guest/capability-schema.ts';
import { CommandLines, printable } from '../guest/command-lines.ts';
import { parseIdMap, readProcess } from '../guest/process-files.ts';
import type { GuestRecord } from '../guest/record.ts';
import type { GuestIsolation } from '../guest/schema.ts';
import type { GuestServices } from '../guest/services.ts';
import type { GroupNode } from '../runtime/port.ts';
import { deviceRules } from './device-rules.ts';
import { readMounts } from './mounts.ts';
import { readNamespaces } from './namespaces.ts';
import { parseRlimits } from './rlimits.ts';
import type { CgroupNode, IsolationView } from './schema.ts';
import { readSysctls } from './sysctls.ts';

type Live = NonNullable<IsolationView['live']>;

/** Processes of the tree whose command lines are read; the rest show their short names. */
const MOST_COMMANDS = 500;

/**
 * What the kernel says of a running guest, from files of proc(5) that belong to its init and from its cgroup. Nothing is
 * opened through the guest's own root. `isolation`: what it runs with. Null when it does not run (any more).
 */
export async function readLive(
  services: GuestServices,
  record: GuestRecord,
  isolation: GuestIsolation,
): Promise<Live | null> {
  const { run, kind } = record;
  if (!run) return null;
  const { initPid: pid, initStartTime } = run;
  const readAt = new Date().toISOString();
  try {
    const status = statusOf(pid);
    const groups = await services.runtime.readGroups(record.id);
    const live: Live = {
      initPid: pid,
      readAt,
      namespaces: await readNamespaces(services.guests.all(), record),
      uidMap: parseIdMap(readFileSync(`/proc/${pid}/uid_map`, 'utf8')),
      gidMap: parseIdMap(readFileSync(`/proc/${pid}/gid_map`, 'utf8')),
      capabilities: {
        effective: capabilitiesOf(status('CapEff')),
        bounding: capabilitiesOf(status('CapBnd')),
        inheritable: capabilitiesOf(status('CapInh')),
        ambient: capabilitiesOf(status('CapAmb')),
      },
      seccomp: seccompOf(status, isolation, kind),
      noNewPrivs: status('NoNewPrivs') === '1',
      label: labelOf(pid),
      rlimits: parseRlimits(readFileSync(`/proc/${pid}/limits`, 'utf8')),
      sysctls: await readSysctls(pid, Object.keys(isolation.sysctls)),
      mounts: readMounts(pid, { isolation }),
      devices: deviceRules(groups.devices, kind, isolation.devices),
      cgroup: { hierarchies: groups.hierarchies, tree: await treeOf(groups.tree) },
    };
    return startTimeOf(pid) === initStartTime ? live : null;
  } catch (error) {
    // It ended while it was being read: its files went with it.
    if (startTimeOf(pid) !== initStartTime) return null;
    throw error;
  }
}

function statusOf(pid: number): (name: string) => string {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return (name) => new RegExp(`^${name}:\\t(\\S+)$`, 'm').exec(status)?.[1] ?? '0';
}

function seccompOf(
  status: (name: string) => string,
  { seccomp, nesting }: GuestIsolation,
  kind: GuestRecord['kind'],
): Live['seccomp'] {
  const mode = (['none', 'strict', 'filter'] as const)[Number(status('Seccomp'))] ?? 'none';
  const usual = nesting ? 'nesting' : `default (${kind})`;
  return {
    mode,
    filters: Number(status('Seccomp_filters')),
    profile: seccomp.mode === 'default' ? usual : seccomp.mode === 'profile' ? 'own profile' : seccomp.mode,
  };
}

/** AppArmor's profile or SELinux' context; null on a host that has neither. */
function labelOf(pid: number): string | null {
  try {
    const label = readFileSync(`/proc/${pid}/attr/current`, 'utf8').replace(/[\0\n]+$/, '');
    return label === '' ? null : label;
  } catch {
    return null;
  }
}

async function treeOf(root: GroupNode): Promise<CgroupNode> {
  const commands = new CommandLines();
  let left = MOST_COMMANDS;
  async function nodeOf({ path, pids, children }: GroupNode): Promise<CgroupNode> {
    const processes: CgroupNode['processes'] = [];
    for (const pid of pids) {
      const facts = readProcess(pid);
      if (!facts) continue;
      const line = left-- > 0 ? await commands.read(pid, facts.startTicks) : null;
      processes.push({ pid, command: line ?? `[${printable(facts.comm)}]` });
    }
    const below: CgroupNode[] = [];
    for (const child of children) below.push(await nodeOf(child));
    return { path: printable(path), processes, children: below };
  }
  return nodeOf(root);
}
