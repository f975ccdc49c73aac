import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A process that the launcher started. Never signalled by pid alone: pids are reused. */
export interface OwnProcess {
  pid: number;
  /** Field 22 of /proc/PID/stat (proc(5)), clock ticks since boot. */
  startTime: string;
}

export interface ProcessTable {
  bootId: string;
  supervisor: OwnProcess | null;
  server: OwnProcess | null;
  web: OwnProcess | null;
}

const bootId = () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** When a process started, or null if there is none with this pid (or only its zombie is left). */
export function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the command's name (field 2) may contain anything, so count from the last parenthesis
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

export function identify(pid: number): OwnProcess | null {
  const startTime = startTimeOf(pid);
  return startTime === null ? null : { pid, startTime };
}

export function isAlive(own: OwnProcess | null): own is OwnProcess {
  return own !== null && startTimeOf(own.pid) === own.startTime;
}

const fileOf = (runDir: string) => path.join(runDir, 'launch', 'processes.json');

/** What the launcher has running for an instance; entries whose process is gone are null. */
export function readProcessTable(runDir: string): ProcessTable {
  const none: ProcessTable = { bootId: bootId(), supervisor: null, server: null, web: null };
  try {
    const table = JSON.parse(readFileSync(fileOf(runDir), 'utf8')) as ProcessTable;
    if (table.bootId !== none.bootId) return none;
    const alive = (own: OwnProcess | null) => (isAlive(own) ? own : null);
    return {
      ...none,
      supervisor: alive(table.supervisor),
      server: alive(table.server),
      web: alive(table.web),
    };
  } catch {
    return none;
  }
}

export function writeProcessTable(runDir: string, table: Omit<ProcessTable, 'bootId'>): void {
  const file = fileOf(runDir);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, JSON.stringify({ bootId: bootId(), ...table }), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** SIGTERM, and SIGKILL after the limit. Resolves when it is gone; true if it had to be killed. */
export async function endProcess(own: OwnProcess | null, limitMs: number): Promise<boolean> {
  if (!isAlive(own)) return false;
  process.kill(own.pid, 'SIGTERM');
  if (await gone(own, limitMs)) return false;
  if (isAlive(own)) process.kill(own.pid, 'SIGKILL');
  await gone(own, 5_000);
  return true;
}

/** Whether the process ends within the limit. The kernel tells only parents, so this looks 50 times a second. */
async function gone(own: OwnProcess, limitMs: number): Promise<boolean> {
  const until = performance.now() + limitMs;
  while (isAlive(own)) {
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
