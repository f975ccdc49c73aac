/**
 * Where no systemd runs: start server and web, start them again when they end (at once, then with back-off), stop them on SIGTERM.
 * It does nothing else, so that it has no reason to fail. argv: one JSON file with {runDir, logDir, children}.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ChildSpec } from './child-specs.ts';
import { goFirst } from './go-first.ts';
import { endProcess, identify, type OwnProcess, writeProcessTable } from './process-table.ts';

export interface SuperviseFile {
  runDir: string;
  logDir: string;
  children: ChildSpec[];
}

const LOG_LIMIT = 16 * 1024 * 1024;
const FIRST_DELAY_MS = 100;
const LAST_DELAY_MS = 15_000;
/** Who has run this long starts again without delay. */
const STEADY_MS = 10_000;

const { runDir, logDir, children } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as SuperviseFile;
const running = new Map<ChildSpec['name'], { child: ChildProcess; own: OwnProcess | null }>();
let stopping = false;

function openLog(name: string): number {
  mkdirSync(logDir, { recursive: true, mode: 0o700 });
  const file = path.join(logDir, `${name}.log`);
  try {
    if (statSync(file).size > LOG_LIMIT) renameSync(file, `${file}.1`);
  } catch {
    // there is none yet
  }
  return openSync(file, 'a', 0o600);
}

function writeTable(): void {
  const of = (name: ChildSpec['name']) => running.get(name)?.own ?? null;
  writeProcessTable(runDir, { supervisor: identify(process.pid), server: of('server'), web: of('web') });
}

function start(spec: ChildSpec, delayMs: number): void {
  const log = openLog(spec.name);
  const [command = '', ...args] = spec.command;
  const startedAt = performance.now();
  const child: ChildProcess = spawn(command, args, {
    cwd: spec.cwd,
    env: { ...spec.environment, NODE_ENV: 'production' },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  running.set(spec.name, { child, own: child.pid === undefined ? null : identify(child.pid) });
  writeTable();
  let over = false;
  const again = (why: string) => {
    if (over) return;
    over = true;
    running.delete(spec.name);
    writeTable();
    if (stopping) return;
    const steady = performance.now() - startedAt > STEADY_MS;
    const wait = steady ? FIRST_DELAY_MS : delayMs;
    console.log(`${new Date().toISOString()} ${spec.name} ended (${why}); starting it again in ${wait} ms`);
    setTimeout(() => stopping || start(spec, Math.min(wait * 2, LAST_DELAY_MS)), wait);
  };
  child.on('error', (error) => again(error.message));
  child.on('exit', (code, signal) => again(signal ?? `status ${code}`));
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  // the web first: nobody is cut off in the middle of an answer by the server's end
  for (const name of ['web', 'server'] as const) await endProcess(running.get(name)?.own ?? null, 20_000);
  process.exit(0);
}

process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
process.on('SIGHUP', () => {});
goFirst();
for (const spec of children) start(spec, FIRST_DELAY_MS);
