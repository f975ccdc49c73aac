import { existsSync } from 'node:fs';
import path from 'node:path';
import { bootId, startTimeOf } from '../../server/child/process-identity.ts';
import type { Drift } from '../../server/doctor/schema.ts';
import type { GuestRecord } from '../../server/guest/record.ts';
import type { Instance } from '../../server/instance/instance.ts';
import { type HostHoldings, readHoldings } from './host-holdings.ts';
import { type Find, isShaped, isUp, judgeStrangers, sharesNetwork } from './judge-strangers.ts';
import type { Rows } from './read-rows.ts';

/**
 * Whether the host has exactly what an instance has written down, each difference told. For an instance at rest: nobody
 * asks anything of it, no guest ends by itself, no shell is open.
 */
export function judgeInventory(instance: Instance, rows: Rows, holdings = readHoldings(instance)): Drift[] {
  const found: Drift[] = [];
  const find: Find = (kind, subject, problem) =>
    found.push({ kind, subject, problem, remedy: 'none: a test has found it', mendable: false });
  for (const { id, kind, subject, status } of rows.operations)
    if (status === 'running') find('database', subject, `${kind} (${id}) is still at work`);
  for (const record of rows.guests) judgeGuest(record, holdings, find);
  judgeStrangers({ instance, rows, holdings, find });
  judgeStorage(instance, rows, holdings, find);
  return found;
}

/** One line for each, for an assertion. */
export function driftLines(drifts: readonly Drift[]): string[] {
  return drifts.map(({ kind, subject, problem }) => `${kind} of ${subject}: ${problem}`);
}

function judgeGuest(record: GuestRecord, holdings: HostHoldings, find: Find): void {
  const { id, name, state, run } = record;
  const subject = `guest ${name}`;
  const steady = ['running', 'frozen', 'stopped', 'failed', 'scheduled'].includes(state);
  // In the trash that is how a delete is remembered that has failed half way.
  if (!steady && !(record.trash && state === 'deleting'))
    find('database', subject, `its row says ${state}, and nothing is at work on it`);
  judgeFolder(record, holdings, find);
  if (record.trash && isUp(record))
    find('database', subject, `it is in the trash, and its row says ${state}`);
  const groups = holdings.hierarchies.filter(({ guests }) => guests.has(id)).map(({ mount }) => mount);
  if (!isUp(record)) {
    if (run) find('process', subject, `it is ${state}, and its row has init ${run.initPid}`);
    if (groups.length > 0) find('cgroup', subject, `it is ${state}, and has groups in ${groups.join(', ')}`);
    if (holdings.runs.has(id)) find('run', subject, `it is ${state}, and has a run folder`);
    return;
  }
  judgeRun(record, find);
  for (const { mount, guests, used } of holdings.hierarchies)
    if (used && !guests.has(id)) find('cgroup', subject, `it is ${state}, and has no group in ${mount}`);
  judgeLimits(record, holdings, find);
  if (!holdings.runs.has(id)) find('run', subject, `it is ${state}, and has no run folder`);
  judgeLink(record, holdings, find);
}

function judgeLink(record: GuestRecord, holdings: HostHoldings, find: Find): void {
  const { name, state, lease } = record;
  const subject = `guest ${name}`;
  const own = lease !== null && !sharesNetwork(record);
  if (own && !holdings.leases.has(lease)) find('link', subject, `it is ${state}, and has no link`);
  if (isShaped(record) && !holdings.shapers.has(lease ?? 0))
    find('link', subject, 'what it sends is limited, and nothing shapes it');
  if (own && !holdings.walls.has(lease)) find('firewall', subject, 'its link has no walls in nftables');
}

function judgeFolder({ id, name, imageBuild }: GuestRecord, { folders }: HostHoldings, find: Find): void {
  const subject = `guest ${name}`;
  if (!folders.guests.has(id)) find('folder', subject, 'its folder is gone');
  // Until its image is there, a guest has no layers.
  for (const layer of imageBuild === '' ? [] : ['upper', 'work'])
    if (!folders.layers.has(`${id}/${layer}`)) find('folder', subject, `its ${layer} is gone`);
}

function judgeRun({ name, state, run }: GuestRecord, find: Find): void {
  const subject = `guest ${name}`;
  if (!run) {
    find('process', subject, `its row says ${state} and names no init`);
    return;
  }
  if (run.bootId !== bootId()) find('process', subject, 'its row is of another boot');
  if (startTimeOf(run.initPid) !== run.initStartTime) find('process', subject, `init ${run.initPid} is gone`);
  if (startTimeOf(run.supervisorPid) === null)
    find('supervisor', subject, `supervisor ${run.supervisorPid} is gone`);
}

function judgeLimits({ id, name, state, limits }: GuestRecord, holdings: HostHoldings, find: Find): void {
  const kernel = holdings.limitsOf(id);
  if (kernel.memory !== null && kernel.memory !== limits.memory)
    find('cgroup', `guest ${name}`, `memory is ${kernel.memory} in the kernel, ${limits.memory} in its row`);
  if (kernel.pids !== null && kernel.pids !== limits.pids)
    find('cgroup', `guest ${name}`, `pids are ${kernel.pids} in the kernel, ${limits.pids} in its row`);
  if (kernel.frozen !== null && kernel.frozen !== (state === 'frozen'))
    find(
      'cgroup',
      `guest ${name}`,
      `it is ${kernel.frozen ? 'frozen' : 'thawed'} in the kernel, ${state} in its row`,
    );
}

function judgeStorage(instance: Instance, rows: Rows, holdings: HostHoldings, find: Find): void {
  const { folders } = holdings;
  const ids = new Set(rows.guests.map(({ id }) => id));
  for (const id of folders.guests) if (!ids.has(id)) find('folder', id, "a guest's folder is nobody's");
  for (const name of folders.volumes)
    if (!rows.volumes.includes(name)) find('volume', name, 'a folder of no volume');
  const used = new Set([
    ...rows.images.map(({ name, build }) => `${folderName(name)}/${build}`),
    ...rows.guests.map(({ image, imageBuild }) => `${folderName(image)}/${imageBuild}`),
  ]);
  for (const build of folders.builds) if (!used.has(build)) find('image', build, 'a build that nobody uses');
  for (const { name, build, state } of rows.images) {
    const folder = path.join(instance.dataDir, 'images', folderName(name), build, 'rootfs');
    if (state === 'ready' && !existsSync(folder)) find('image', name, `its build ${build} is gone`);
  }
}

const folderName = (image: string) => image.replace('/', '_');
