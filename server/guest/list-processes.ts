import { readFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { CommandLines, printable } from './command-lines.ts';
import type { GuestProcess } from './effects-schema.ts';
import { readGuestUsers } from './guest-users.ts';
import { idInside, type ProcessFacts, parseIdMap, readProcess } from './process-files.ts';
import type { GuestServices } from './services.ts';
import { SharedPoll } from './shared-poll.ts';

const INTERVAL_MS = 2000;
/** Rows that are shown at most; what is beyond is not read. */
export const MOST_PROCESSES = 2000;
/** Processes between two turns of the event loop. */
const BATCH = 50;
/** Of the kernel's interfaces, whatever CONFIG_HZ is (proc(5), sysconf(_SC_CLK_TCK)). */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** What the last look at a guest's processes left for the next one. */
interface Look {
  /** ms of the monotonic clock. */
  at: number;
  /** When the host booted, unix s: found once, as two looks find it a little apart. */
  boot: number;
  ticks: Map<string, number>;
  commands: CommandLines;
}

/** A guest's processes every two seconds while anybody looks. One for the whole server. */
export function processesOf(
  services: Pick<GuestServices, 'guests' | 'runtime' | 'images' | 'instance'>,
): SharedPoll<GuestProcess[]> {
  const looks = new Map<string, Look>();
  return new SharedPoll({
    intervalMs: INTERVAL_MS,
    read: async (id) => {
      const { run } = services.guests.get(id);
      if (!run) return null;
      try {
        const { look, processes } = await listProcesses(services, id, looks.get(id) ?? null);
        looks.set(id, look);
        return processes;
      } catch (error) {
        // It ended while it was being read.
        if (services.guests.get(id).run?.initStartTime !== run.initStartTime) return null;
        throw error;
      }
    },
    forget: (id) => looks.delete(id),
  });
}

async function listProcesses(
  services: Pick<GuestServices, 'guests' | 'runtime' | 'images' | 'instance'>,
  id: string,
  before: Look | null,
): Promise<{ look: Look; processes: GuestProcess[] }> {
  const record = services.guests.get(id);
  const pids = await services.runtime.listProcesses(id, MOST_PROCESSES);
  const facts = await readAll(pids);
  const at = performance.now();
  const users = await readGuestUsers({
    guestDir: `${services.instance.dataDir}/guests/${id}`,
    imageRoot: services.images.rootOf(record.image, record.imageBuild),
  });
  const map = parseIdMap(await readFile(`/proc/${record.run?.initPid}/uid_map`, 'utf8').catch(() => ''));
  const commands = before?.commands ?? new CommandLines();
  const seconds = before ? (at - before.at) / 1000 : 0;
  const boot = before?.boot ?? Date.now() / 1000 - uptime();
  const processes: GuestProcess[] = [];
  for (const one of facts) {
    const last = before?.ticks.get(nameOf(one));
    const inside = idInside(map, one.uid);
    processes.push({
      pid: one.pid,
      // Each namespace adds one: the guest's own is the second, also for what nests deeper; it may be the host's.
      guestPid: one.pids[1] ?? one.pids[0] ?? null,
      parent: one.parent,
      user: inside === null ? `${one.uid} (host)` : (users.get(inside) ?? `${inside}`),
      state: one.state,
      threads: one.threads,
      cpu:
        last === undefined || seconds <= 0
          ? null
          : Math.max(0, one.ticks - last) / TICKS_PER_SECOND / seconds,
      memory: one.residentPages * PAGE_BYTES,
      startedAt: new Date((boot + one.startTicks / TICKS_PER_SECOND) * 1000).toISOString(),
      command: (await commands.read(one.pid, one.startTicks)) ?? `[${printable(one.comm)}]`,
    });
  }
  commands.keep(facts);
  return {
    look: { at, boot, ticks: new Map(facts.map((one) => [nameOf(one), one.ticks])), commands },
    processes,
  };
}

async function readAll(pids: readonly number[]): Promise<ProcessFacts[]> {
  const all: ProcessFacts[] = [];
  for (const [at, pid] of pids.entries()) {
    if (at % BATCH === BATCH - 1) await setImmediate();
    const one = readProcess(pid);
    if (one) all.push(one);
  }
  return all;
}

function nameOf({ pid, startTicks }: ProcessFacts): string {
  return `${pid} ${startTicks}`;
}
