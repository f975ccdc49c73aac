import { readFile } from 'node:fs/promises';
import { stateOf } from '../../child/process-identity.ts';
import type { GuestRecord } from '../../guest/record.ts';
import { recordExit } from '../../guest/record-exit.ts';
import { restartGuest } from '../../guest/restart-guest.ts';
import type { GuestServices } from '../../guest/services.ts';
import type { Check, Found } from '../check.ts';

/** Whether what the inventory says runs does, stands still or answers as it says. */
export function checkRuns(services: GuestServices): Check {
  return {
    what: 'processes of running guests',
    async find() {
      const running = new Set((await services.runtime.listRunning()).map(({ id }) => id));
      const found: Found[] = [];
      for (const record of services.guests.all()) {
        // What an operation is at work on is true when it has ended.
        if (services.operations.current(record.id)) continue;
        found.push(...(await checkOne(services, record, running.has(record.id))));
      }
      return found;
    },
  };
}

async function checkOne(services: GuestServices, record: GuestRecord, runs: boolean): Promise<Found[]> {
  const { runtime } = services;
  const subject = `guest ${record.name}`;
  if (record.run === null) return [];
  const restart: Found['mend'] = (actor) =>
    restartGuest(services, actor, { guest: record.id, wait: true, force: true });
  if (!runs) {
    return [
      {
        ...{
          kind: 'process',
          subject,
          problem: `it is ${record.state} here, and none of its processes is there`,
        },
        remedy: 'write down that it has ended',
        mend: async () => {
          const exit = await runtime.readExit(record.id);
          const at = new Date().toISOString();
          const lost = { id: record.id, status: null, signal: 'SIGKILL', outOfMemory: false, at } as const;
          await runtime.cleanGuest(record.id);
          await recordExit(services, exit ?? lost);
        },
      },
    ];
  }
  const found: Found[] = [];
  if (stateOf(record.run.supervisorPid) === 'T') {
    const pid = record.run.supervisorPid;
    found.push({
      ...{
        kind: 'supervisor',
        subject,
        problem: `its supervisor (pid ${pid}) is stopped: nobody hears of its end, and its console stands still`,
      },
      remedy: `let it go on: kill -CONT ${pid}`,
      mend: async () => process.kill(pid, 'SIGCONT'),
    });
    return found;
  }
  const outside = await outsideGroups(services, record);
  if (outside.length > 0) {
    found.push({
      ...{
        kind: 'cgroup',
        subject,
        problem: `its init is not in its control group (${outside.join(', ')}): its limits do not hold`,
      },
      ...{ remedy: 'restart it', mend: restart },
    });
    return found;
  }
  const { frozen } = await runtime.isFrozen(record.id);
  if (frozen !== (record.state === 'frozen') && !services.guests.waitingForMemory.has(record.id)) {
    found.push({
      ...{
        kind: 'cgroup',
        subject,
        problem: frozen ? 'it is frozen, and was not meant to be' : 'it is frozen here, and runs',
      },
      remedy: frozen ? 'let it go on' : 'freeze it',
      mend: () => (frozen ? runtime.unfreezeGuest(record.id) : runtime.freezeGuest(record.id)),
    });
  }
  return found;
}

/** Hierarchies in which init is no member of the guest's group, or of one below. */
async function outsideGroups(services: GuestServices, record: GuestRecord): Promise<string[]> {
  const text = await readFile(`/proc/${record.run?.initPid}/cgroup`, 'utf8').catch(() => '');
  const group = `/${services.instance.cgroup}/guests/${record.id}`;
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ name: line.split(':')[1] ?? '', path: line.split(':').slice(2).join(':') }))
    .filter(({ path }) => !`${path}/`.includes(`${group}/`))
    .map(({ name }) => (name === '' ? 'v2' : name));
}
