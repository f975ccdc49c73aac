import type { GuestPage } from '../guest/search-schema.ts';
import { consoleUrl } from '../instance/console-url.ts';
import { readInstance } from '../instance/read-instance.ts';
import { adminCall, isHealthy } from './admin-call.ts';
import type { LaunchOptions } from './options.ts';
import { readProcessTable } from './process-table.ts';
import { readSettings } from './settings.ts';
import { hasSystemd, unitProcesses } from './systemd.ts';

/** The output of `berth status --json`: documented and stable (docs/cli.md). */
interface Status {
  running: boolean;
  url: string;
  data: string;
  slot: number | null;
  version: string | null;
  startedAt: string | null;
  processes: Record<'supervisor' | 'server' | 'web' | 'database' | 'dns', { pid: number } | null>;
  guests: { total: number; running: number } | null;
}

interface ServerStatus {
  version: string;
  startedAt: string;
  processes: Partial<Record<'server' | 'database' | 'dns', { pid: number } | null>>;
}

/** `berth status`: what runs. Exit status 0 when the console is up, 9 when not. */
export async function status(options: LaunchOptions): Promise<number> {
  const found = await gather(options);
  if (options.json) console.log(JSON.stringify(found));
  else print(found);
  return found.running ? 0 : 9;
}

async function gather(options: LaunchOptions): Promise<Status> {
  const instance = readInstance(options.dataDir);
  const result: Status = {
    running: false,
    url: consoleUrl(readSettings(options.dataDir)),
    data: options.dataDir,
    slot: instance?.slot ?? null,
    version: null,
    startedAt: null,
    processes: { supervisor: null, server: null, web: null, database: null, dns: null },
    guests: null,
  };
  if (!instance) return result;
  const table = hasSystemd()
    ? { supervisor: null, ...unitProcesses(instance.slot) }
    : readProcessTable(instance.runDir);
  for (const name of ['supervisor', 'server', 'web'] as const) {
    const own = table[name];
    result.processes[name] = own ? { pid: own.pid } : null;
  }
  if (!(await isHealthy(instance.adminSocket))) return result;
  result.running = table.web !== null;
  const server = await adminCall<ServerStatus>(instance.adminSocket, 'query', 'server.status');
  Object.assign(result, { version: server.version, startedAt: server.startedAt });
  result.processes = { ...result.processes, ...server.processes };
  const none = { limit: 0, here: true };
  const { total, states } = await adminCall<GuestPage>(instance.adminSocket, 'query', 'guest.search', none);
  result.guests = { total, running: (states.running ?? 0) + (states.frozen ?? 0) };
  return result;
}

function print(found: Status): void {
  console.log(`${found.running ? 'up  ' : 'down'}  ${found.url}`);
  console.log(
    `data  ${found.data}${found.slot === null ? ' (no Berth there yet)' : ` (slot ${found.slot})`}`,
  );
  for (const [name, process] of Object.entries(found.processes))
    console.log(`${name.padEnd(11)} ${process ? `pid ${process.pid}` : '-'}`);
  if (found.guests) console.log(`guests      ${found.guests.running} running of ${found.guests.total}`);
  if (!found.running) console.log('start it with: berth up');
}
