import { readFileSync } from 'node:fs';
import type { BerthInstance } from '../helpers/berth-instance.ts';
import type { ApiClient } from './api-client.ts';
import type { Lxd } from './lxd.ts';
import { pss, type Samples, summarize, timed } from './measure.ts';

export interface ListResult {
  /** Without LXD its time is null. */
  times: Record<'command' | 'api', Samples> & { lxd: Samples | null };
  /** Bytes, PSS. */
  memory: {
    lxd: { server: number; monitor: number } | null;
    processes: Record<string, number>;
    supervisor: number;
  };
  attach: Samples;
}

interface Status {
  processes: Record<string, { pid: number } | null>;
}

const read = (path: string) => readFileSync(path, 'utf8');

/** With `count` running guests on either side: the list, the memory, and a shell attached to one of them. */
export async function benchList(
  berth: BerthInstance,
  api: ApiClient,
  lxd: Lxd | null,
  options: { count: number; rounds: number },
): Promise<ListResult> {
  const names = Array.from({ length: options.count }, (_, index) => `many-${index}`);
  for (const name of names) {
    await lxd?.init(name);
    await lxd?.begin(name);
    await api.mutate('guest.create', { name, image: 'berth/mini', start: true, wait: true });
  }
  const times = { lxd: [] as number[], command: [] as number[], api: [] as number[] };
  const attach: number[] = [];
  for (let round = 0; round < options.rounds; round++) {
    if (lxd) times.lxd.push(await timed(lxd.list));
    times.command.push(await timed(() => berth.berth(['guest', 'ls'])));
    times.api.push(await timed(() => api.query('guest.list')));
    attach.push(await timed(() => api.attach('many-0')));
  }
  const memory = await readMemory(berth, lxd, names);
  for (const name of names) {
    await api.mutate('guest.delete', { guest: name, force: true, wait: true });
    await lxd?.stop(name);
    await lxd?.remove(name);
  }
  return {
    times: { lxd: lxd && summarize(times.lxd), command: summarize(times.command), api: summarize(times.api) },
    memory,
    attach: summarize(attach),
  };
}

async function readMemory(
  berth: BerthInstance,
  lxd: Lxd | null,
  names: string[],
): Promise<ListResult['memory']> {
  const { processes } = await berth.berthJson<Status>(['status']);
  const guests = await berth.berthJson<{ name: string; initPid: number }[]>(['guest', 'ls']);
  const parentOf = (pid: number) => Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]);
  const supervisors = guests
    .filter((guest) => names.includes(guest.name))
    .map((guest) => parentOf(guest.initPid));
  return {
    lxd: lxd && lxdMemory(lxd),
    // the server's own children are listed by themselves, PostgreSQL's are its connections
    processes: Object.fromEntries(
      Object.entries(processes).map(([name, own]) => [
        name,
        own ? pss(read, name === 'database' ? withChildren(own.pid) : [own.pid]) : 0,
      ]),
    ),
    supervisor: pss(read, supervisors) / supervisors.length,
  };
}

function lxdMemory(lxd: Lxd): { server: number; monitor: number } {
  const { server, monitors } = lxd.pids();
  return { server: pss(read, server), monitor: pss(read, monitors) / Math.max(1, monitors.length) };
}

/** A process and its children: PostgreSQL is one process per connection. */
function withChildren(pid: number): number[] {
  return [pid, ...read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)];
}
