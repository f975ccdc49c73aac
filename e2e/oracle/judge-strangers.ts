import type { Drift } from '../../server/doctor/schema.ts';
import type { GuestRecord } from '../../server/guest/record.ts';
import { IDS_PER_GUEST, type Instance } from '../../server/instance/instance.ts';
import type { HostHoldings } from './host-holdings.ts';
import type { Rows } from './read-rows.ts';

export type Find = (kind: Drift['kind'], subject: string, problem: string) => void;

interface Judged {
  instance: Instance;
  rows: Rows;
  holdings: HostHoldings;
  find: Find;
}

/** Whether it has processes by its row. */
export function isUp({ state }: Pick<GuestRecord, 'state'>): boolean {
  return state === 'running' || state === 'frozen';
}

/** Whether the run at work has another's network, or none. */
export function sharesNetwork({ started, isolation }: GuestRecord): boolean {
  return (started?.isolation ?? isolation).namespaces.network !== undefined;
}

/** Whether a link of its own shapes what it sends. */
export function isShaped(record: GuestRecord): boolean {
  const { lease, limits } = record;
  return isUp(record) && lease !== null && !sharesNetwork(record) && limits.networkTransmit !== null;
}

/** What the host has under the instance's names that is of no guest, or of none that runs. */
export function judgeStrangers(judged: Judged): void {
  judgeKernel(judged);
  judgeProcesses(judged);
  judgeNames(judged);
}

function judgeKernel({ instance, rows, holdings, find }: Judged): void {
  const ids = new Set(rows.guests.map(({ id }) => id));
  // What is in the trash has its lease, and nothing of it in the kernel.
  const leases = new Set(rows.guests.filter(({ trash }) => trash === null).map(({ lease }) => lease));
  const upLeases = new Set(rows.guests.filter(isUp).map(({ lease }) => lease));
  for (const { mount, guests } of holdings.hierarchies)
    for (const id of guests) if (!ids.has(id)) find('cgroup', id, `a group in ${mount} is nobody's`);
  for (const id of holdings.runs) if (!ids.has(id)) find('run', id, "a run folder is nobody's");
  for (const lease of holdings.leases)
    if (!upLeases.has(lease)) find('link', `${instance.linkPrefix}${lease}`, 'a link of no running guest');
  const limited = new Set(rows.guests.filter(isShaped).map(({ lease }) => lease));
  for (const lease of holdings.shapers)
    if (!limited.has(lease))
      find('link', `${instance.shaperPrefix}${lease}`, 'it shapes what no running guest sends');
  for (const lease of holdings.walls)
    if (!leases.has(lease)) find('firewall', `guest${lease}`, "walls in nftables are nobody's");
}

function judgeProcesses({ instance, rows, holdings, find }: Judged): void {
  const up = rows.guests.filter(isUp);
  const ranges = new Set(up.map(({ idRange }) => idRange));
  for (const { pid, uid, command } of holdings.processes) {
    const range = Math.floor((uid - instance.idBase) / IDS_PER_GUEST);
    if (!ranges.has(range))
      find('id-range', `process ${pid}`, `${command} lives in id range ${range}, nobody's`);
  }
  if (holdings.forkServers > 1)
    find(
      'supervisor',
      instance.cgroup,
      `${holdings.forkServers} processes to fork supervisors from, 1 is right`,
    );
  const supervisors = new Set(up.map(({ run }) => run?.supervisorPid));
  for (const { pid } of holdings.supervisors)
    if (!supervisors.has(pid)) find('supervisor', `process ${pid}`, 'a supervisor of no running guest');
}

function judgeNames({ rows, holdings, find }: Judged): void {
  const names = new Set(rows.guests.filter(({ trash }) => trash === null).map(({ name }) => name));
  for (const name of holdings.dnsNames)
    if (!names.has(name)) find('address', name, 'DNS knows a name that no guest has');
  for (const record of rows.guests) {
    if (!holdings.dns || !isUp(record) || record.lease === null || sharesNetwork(record)) continue;
    if (!holdings.dnsNames.has(record.name))
      find('address', `guest ${record.name}`, 'DNS does not know its name');
  }
  for (const name of holdings.sessions) find('console', name, 'a shell is left that nobody has opened');
}
