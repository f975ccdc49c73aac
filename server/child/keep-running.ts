import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import type { Log } from '../platform.ts';
import { childEnv } from './child-env.ts';
import { bootId, isAlive, type ProcessIdentity, signalProcess, startTimeOf } from './process-identity.ts';

export interface KeepRunningOptions {
  /** For the log: `database`. */
  name: string;
  command: readonly [string, ...string[]];
  cwd?: string;
  env?: Record<string, string>;
  /** Of the child; supplementary groups are dropped with them. */
  uid?: number;
  gid?: number;
  /** Where the child is remembered, so that the next server adopts it instead of starting another. */
  recordPath: string;
  /** Its output goes there; a new file at every start that finds it above 1 MiB. */
  logPath: string;
  stopSignal?: NodeJS.Signals;
  /** ms after the stop signal until it is killed. Default 10 s. */
  stopTimeoutMs?: number;
  /** Whether it does its work; asked again and again after a start. Default: it runs. */
  isReady?(): Promise<boolean>;
  /** ms that it may take to be ready. Default 30 s. */
  readyTimeoutMs?: number;
  /** It fell, or is ready after a start. */
  onTurn?(): void;
  /** A child that runs without a record (the server died in between). */
  findOrphan?(): number | null;
  log: Log;
}

/** A child process that is there until `stop`. */
export interface KeptProcess {
  /** Null while it does not run. */
  pid(): number | null;
  /** Adopt it or start it; resolves when it is ready. Throws AppError `unavailable` with the end of its output. */
  start(): Promise<void>;
  /** Orderly, then by force. Resolves when it is gone. */
  stop(): Promise<void>;
  /** Let it run on without being watched (the server leaves). */
  release(): void;
  /** False when it does not run. */
  signal(signal: NodeJS.Signals): boolean;
}

const record = z.object({
  bootId: z.string(),
  pid: z.number().int().positive(),
  startTime: z.string(),
  command: z.array(z.string()),
});

const LONGEST_LOG = 1024 * 1024;
/** A first start that ended by itself so often will not succeed: who waits for it wants to know. */
const MOST_TRIES = 8;
const FIRST_BACK_OFF = 50;
const LONGEST_BACK_OFF = 10_000;
/** ms of running after which a fall is no longer one of a row. */
const STEADY_AFTER = 60_000;
/** How often an adopted child, which is nobody's child here, is looked at. */
const LOOK_EVERY = 250;
const READY_EVERY = 10;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

class Kept implements KeptProcess {
  readonly #options: KeepRunningOptions;
  #identity: ProcessIdentity | null = null;
  #wanted = false;
  #backOff = FIRST_BACK_OFF;
  #startedAt = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: KeepRunningOptions) {
    this.#options = options;
  }

  pid(): number | null {
    return this.#identity !== null && isAlive(this.#identity) ? this.#identity.pid : null;
  }

  signal(signal: NodeJS.Signals): boolean {
    return this.#identity !== null && signalProcess(this.#identity, signal);
  }

  async start(): Promise<void> {
    if (this.#wanted) return;
    this.#wanted = true;
    const deadline = performance.now() + (this.#options.readyTimeoutMs ?? 30_000);
    const found = this.#findRunning();
    if (found !== null && (await this.#adopt(found, deadline))) return;
    for (let [wait, tries] = [FIRST_BACK_OFF, 1]; tries <= MOST_TRIES; tries++) {
      if (await this.#launch(deadline)) return;
      if (performance.now() + wait > deadline) break;
      await sleep(wait);
      wait = Math.min(wait * 2, 1000);
    }
    this.#wanted = false;
    const end = this.#logEnd();
    throw new AppError('unavailable', `${this.#options.name} does not start; it said: ${end}`);
  }

  async stop(): Promise<void> {
    this.release();
    const identity = this.#identity;
    this.#identity = null;
    if (identity !== null) await this.#end(identity);
    rmSync(this.#options.recordPath, { force: true });
  }

  release(): void {
    this.#wanted = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #end(identity: ProcessIdentity): Promise<void> {
    const { stopSignal = 'SIGTERM', stopTimeoutMs = 10_000, name, log } = this.#options;
    signalProcess(identity, stopSignal);
    if (await goneWithin(identity, stopTimeoutMs)) return;
    log.warn(`${name} did not stop within ${stopTimeoutMs} ms and is killed`, { pid: identity.pid });
    signalProcess(identity, 'SIGKILL');
    await goneWithin(identity, 5000);
  }

  /** One that an earlier server left. A record of another boot or another command is none. */
  #findRunning(): { identity: ProcessIdentity; same: boolean } | null {
    const { recordPath, command, findOrphan } = this.#options;
    try {
      const stored = record.parse(JSON.parse(readFileSync(recordPath, 'utf8')));
      const identity = { pid: stored.pid, startTime: stored.startTime };
      if (stored.bootId === bootId() && isAlive(identity)) {
        return { identity, same: JSON.stringify(stored.command) === JSON.stringify(command) };
      }
    } catch {
      // No record, or half a one: the orphan hunt below still finds what runs.
    }
    const pid = findOrphan?.() ?? null;
    const startTime = pid === null ? null : startTimeOf(pid);
    return pid === null || startTime === null ? null : { identity: { pid, startTime }, same: true };
  }

  async #adopt(found: { identity: ProcessIdentity; same: boolean }, deadline: number): Promise<boolean> {
    const { identity, same } = found;
    const { name, log } = this.#options;
    if (!same) {
      log.info(`${name} runs with other arguments and is started anew`, { pid: identity.pid });
      await this.#end(identity);
      return false;
    }
    if (!(await this.#becomesReady(identity, deadline))) {
      await this.#end(identity);
      return false;
    }
    this.#take(identity);
    log.info(`${name} runs already`, { pid: identity.pid });
    const look = () => {
      if (!this.#wanted || this.#identity !== identity) return;
      if (isAlive(identity)) this.#timer = setTimeout(look, LOOK_EVERY);
      else this.#fell(identity, 'it is gone');
    };
    look();
    return true;
  }

  #take(identity: ProcessIdentity): void {
    this.#identity = identity;
    this.#startedAt = performance.now();
    const { recordPath, command } = this.#options;
    writeFileSync(`${recordPath}.new`, JSON.stringify({ bootId: bootId(), ...identity, command }), {
      mode: 0o600,
    });
    renameSync(`${recordPath}.new`, recordPath);
  }

  /** Start it once. False when it ended, or was not ready in time (it is stopped then). */
  async #launch(deadline: number): Promise<boolean> {
    const { command, cwd = '/', env = {}, uid, gid, name, log } = this.#options;
    const [file, ...args] = command;
    const output = this.#openLog();
    let ended: string | null = null;
    let ready = false;
    try {
      const child = spawn(file, args, {
        cwd,
        env: childEnv(env),
        uid,
        gid,
        stdio: ['ignore', output, output],
        detached: true,
      });
      const identity =
        child.pid === undefined ? null : { pid: child.pid, startTime: startTimeOf(child.pid) ?? '' };
      child.on('error', (error) => {
        ended = error.message;
        log.error(`${name} cannot be started`, { error });
      });
      child.on('exit', (status, signal) => {
        ended = signal === null ? `it exited with status ${status}` : `${signal} ended it`;
        if (identity !== null && ready) this.#fell(identity, ended);
      });
      child.unref();
      if (identity === null) return false;
      this.#take(identity);
      ready = await this.#becomesReady(identity, deadline);
      if (ready && ended === null) {
        this.#options.onTurn?.();
        log.info(`${name} is ready`, {
          pid: identity.pid,
          ms: Math.round(performance.now() - this.#startedAt),
        });
        return true;
      }
      ready = false;
      await this.#end(identity);
      this.#identity = null;
      return false;
    } finally {
      closeSync(output);
    }
  }

  async #becomesReady(identity: ProcessIdentity, deadline: number): Promise<boolean> {
    const { isReady } = this.#options;
    while (isAlive(identity) && performance.now() < deadline && this.#wanted) {
      if (isReady === undefined || (await isReady())) return isAlive(identity);
      await sleep(READY_EVERY);
    }
    return false;
  }

  #fell(identity: ProcessIdentity, how: string): void {
    if (!this.#wanted || this.#identity !== identity) return;
    this.#identity = null;
    this.#options.onTurn?.();
    if (performance.now() - this.#startedAt > STEADY_AFTER) this.#backOff = FIRST_BACK_OFF;
    const { name, log } = this.#options;
    log.warn(`${name} fell: ${how}; it is started again in ${this.#backOff} ms`, { pid: identity.pid });
    this.#timer = setTimeout(() => void this.#relaunch(), this.#backOff);
    this.#backOff = Math.min(this.#backOff * 2, LONGEST_BACK_OFF);
  }

  async #relaunch(): Promise<void> {
    if (!this.#wanted) return;
    const deadline = performance.now() + (this.#options.readyTimeoutMs ?? 30_000);
    const up = await this.#launch(deadline).catch((error: unknown) => {
      this.#options.log.error(`${this.#options.name} cannot be started again`, { error });
      return false;
    });
    if (up || !this.#wanted) return;
    this.#timer = setTimeout(() => void this.#relaunch(), this.#backOff);
    this.#backOff = Math.min(this.#backOff * 2, LONGEST_BACK_OFF);
  }

  #openLog(): number {
    const { logPath } = this.#options;
    const size = statSync(logPath, { throwIfNoEntry: false })?.size ?? 0;
    return openSync(logPath, size > LONGEST_LOG ? 'w' : 'a', 0o600);
  }

  #logEnd(): string {
    try {
      return (
        readFileSync(this.#options.logPath, 'utf8').trimEnd().split('\n').slice(-4).join(' | ') || 'nothing'
      );
    } catch {
      return 'nothing';
    }
  }
}

async function goneWithin(identity: ProcessIdentity, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (isAlive(identity)) {
    if (performance.now() > deadline) return false;
    await sleep(READY_EVERY);
  }
  return true;
}

/** A child process that is started again whenever it falls, and that outlives a kill -9 of the server. */
export function keepRunning(options: KeepRunningOptions): KeptProcess {
  return new Kept(options);
}
