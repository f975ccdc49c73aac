import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { signalProcess, startTimeOf } from '../../child/process-identity.ts';
import type { GuestServices } from '../../guest/services.ts';
import { IDS_PER_GUEST } from '../../instance/instance.ts';
import type { Check, Found } from '../check.ts';

interface Process {
  pid: number;
  parent: number;
  uid: number;
  name: string;
  argv: string[];
}

/** Processes in guests' ids, supervisors and shells that belong to nobody. */
export function checkProcesses(services: GuestServices): Check {
  return {
    what: 'processes and shells of nobody',
    async find() {
      const running = new Set((await services.runtime.listRunning()).map(({ id }) => id));
      const processes = await processesOf(services);
      return [
        ...inIds(services, running, processes),
        ...(await supervisors(services, processes)),
        ...(await shells(services, running)),
      ];
    },
  };
}

function inIds(services: GuestServices, running: ReadonlySet<string>, processes: readonly Process[]) {
  const { guests, instance, operations } = services;
  const owned = new Set(
    guests
      .all()
      .filter(({ id, run }) => run !== null || running.has(id) || operations.current(id))
      .map(({ idRange }) => idRange),
  );
  return processes.flatMap((one): Found[] => {
    const range = Math.floor((one.uid - instance.idBase) / IDS_PER_GUEST);
    if (range < 0 || range >= instance.idRanges || owned.has(range)) return [];
    const problem = `it runs as uid ${one.uid}, in the id range ${range}, which no running guest has`;
    return [stray('id-range', one, problem)];
  });
}

async function supervisors(services: GuestServices, processes: readonly Process[]): Promise<Found[]> {
  const { guests, instance, operations, runtime } = services;
  // One that starts at this moment is in no list yet.
  if (guests.all().some(({ id }) => operations.current(id))) return [];
  const known = new Set((await runtime.listRunning()).map(({ supervisorPid }) => supervisorPid));
  const group = new RegExp(`/${instance.cgroup}/supervisors$`, 'm');
  const found: Found[] = [];
  for (const one of processes) {
    if (basename(one.argv[0] ?? '') !== 'supervisor' || known.has(one.pid)) continue;
    const forks = one.argv[1] === 'fork-server';
    if (forks && one.parent === process.pid) continue;
    if (!group.test(await readFile(`/proc/${one.pid}/cgroup`, 'utf8').catch(() => ''))) continue;
    const problem = forks ? 'no server forks from it' : 'it is the supervisor of no running guest';
    found.push(stray('supervisor', one, problem));
  }
  return found;
}

function stray(kind: Found['kind'], { pid, name }: Process, problem: string): Found {
  const startTime = startTimeOf(pid);
  return {
    ...{ kind, subject: `process ${pid} (${name})`, problem, remedy: 'kill it' },
    // By its start time too: another may have its number by then.
    mend: async () => void (startTime !== null && signalProcess({ pid, startTime }, 'SIGKILL')),
  };
}

async function shells(services: GuestServices, running: ReadonlySet<string>): Promise<Found[]> {
  const { instance, runtime } = services;
  const living = await runtime.listSessions();
  const folder = join(instance.runDir, 'sessions');
  const folders = await readdir(folder).catch(() => []);
  const held = new Set(living.map(({ guestId, session }) => `${guestId}.${session}`));
  return [
    ...living
      .filter(({ guestId }) => !running.has(guestId))
      .map(
        ({ guestId, session }): Found => ({
          ...{ kind: 'console', subject: `shell ${session}`, problem: `its guest ${guestId} does not run` },
          ...{ remedy: 'close it', mend: () => runtime.closeSession(session) },
        }),
      ),
    ...folders
      .filter((name) => !held.has(name))
      .map(
        (name): Found => ({
          ...{ kind: 'console', subject: join(folder, name), problem: 'nobody holds this shell' },
          ...{ remedy: 'remove it', mend: () => rm(join(folder, name), { recursive: true, force: true }) },
        }),
      ),
  ];
}

/** All that could be ours: supervisors by name, and whoever has one of the instance's ids. */
async function processesOf({ instance }: GuestServices): Promise<Process[]> {
  const last = instance.idBase + instance.idRanges * IDS_PER_GUEST;
  const found: Process[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    // The dead whom nobody reaps yet hold nothing.
    if (status === '' || /^State:\t[ZX]/m.test(status)) continue;
    const field = (name: string) => new RegExp(`^${name}:\\t(\\S+)`, 'm').exec(status)?.[1] ?? '';
    const uid = Number(field('Uid'));
    const name = field('Name');
    if (name !== 'supervisor' && (uid < instance.idBase || uid >= last)) continue;
    const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    found.push({ pid: Number(pid), parent: Number(field('PPid')), uid, name, argv });
  }
  return found;
}
