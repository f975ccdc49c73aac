import { join } from 'node:path';
import {
  HolderClient,
  type HolderEvent,
  type HolderExit,
  type MemoryOrder,
} from '../../native/lib/holder-client.ts';
import { NativeError } from '../../native/lib/native-error.ts';
import { FileName } from '../../native/protocol/wire.ts';
import { stateOf } from '../child/process-identity.ts';
import { AppError } from '../errors/app-error.ts';
import { tryAgain } from '../errors/try-again.ts';
import { GUEST_EVENT_KINDS } from '../guest/schema.ts';
import type { ExitListener, ExitRecord, GuestKernelEvent, RunningGuest } from './port.ts';
import { readExitFile, readLink, readState } from './run-folder.ts';
import { UngroupedEnds } from './ungrouped-ends.ts';

/** ms that the supervisor of a guest that ran before has to answer, until it is taken back without. */
const ANSWER_MS = 3000;
/** Guests that are taken back at once. */
const AT_ONCE = 32;
/** Beyond the time that init has: killing, and giving cgroups, mounts and links back, under load. */
const STOP_SLACK_MS = 60_000;

interface Entry {
  guest: RunningGuest;
  /** Host end of its veth pair. */
  link: string | null;
  runDir: string;
  /** Null until the supervisor has answered. */
  monitor: HolderClient | null;
  /** Ends the attempt to hear from it. */
  giveUp: AbortController;
  /** When the attempt has ended, well or badly. */
  answered: Promise<unknown>;
  ended: Promise<ExitRecord>;
  end: (exit: ExitRecord) => void;
}

export interface RunningGuestsOptions {
  runDirOf: (id: string) => string;
  isFrozen: (id: string) => Promise<boolean>;
  /** Kill and remove what a supervisor that was killed has left. */
  clean: (id: string) => Promise<void>;
  onEvent: (event: GuestKernelEvent) => void;
  onAdd: (id: string, how: { ranBefore: boolean }) => void;
  onRemove: (id: string) => void;
  /** Called when something goes wrong that no caller waits for. */
  onFault: (id: string, error: unknown) => void;
}

/** The guests that run, each with a connection to its supervisor over which it hears of the guest's end. */
export class RunningGuests implements AsyncDisposable {
  /** Those that were not taken back because their groups were gone. */
  readonly ungrouped: UngroupedEnds;
  readonly #options: RunningGuestsOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners: ExitListener[] = [];
  #closed = false;

  constructor(options: RunningGuestsOptions) {
    this.#options = options;
    this.ungrouped = new UngroupedEnds(options.onFault);
  }

  onExit(listener: ExitListener): void {
    this.#listeners.push(listener);
  }

  list(): RunningGuest[] {
    return [...this.#entries.values()].map(({ guest }) => ({ ...guest }));
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** Throws `kernel` when it does not run. */
  get(id: string): RunningGuest {
    return this.#entryOf(id).guest;
  }

  /** The host end of its link; null without one, and for a guest that does not run. */
  linkOf(id: string): string | null {
    return this.#entries.get(id)?.link ?? null;
  }

  /** A guest that has just been started; its end is watched from here on. */
  add(guest: RunningGuest, link: string | null, before?: { monitor: HolderClient | null }): void {
    // Who listed the running guests in this moment has found it already.
    if (this.#entries.has(guest.id)) return;
    const runDir = this.#options.runDirOf(guest.id);
    const { promise: ended, resolve: end } = Promise.withResolvers<ExitRecord>();
    const giveUp = new AbortController();
    const entry: Entry = { guest, link, runDir, monitor: null, giveUp, answered: ended, ended, end };
    this.#entries.set(guest.id, entry);
    this.#options.onAdd(guest.id, { ranBefore: before !== undefined });
    entry.answered = this.#watch(entry, before?.monitor ?? undefined);
  }

  /** Take back the guests of these folders, as far as they run under supervisors; many at once. */
  async adoptAll(ids: readonly string[]): Promise<void> {
    const waiting = ids.filter((id) => !this.#entries.has(id));
    const work = async () => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) await this.#adopt(id);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  async #adopt(id: string): Promise<void> {
    const runDir = this.#options.runDirOf(id);
    const state = await readState(runDir, id);
    if (!state || this.#entries.has(id)) return;
    const link = await readLink(runDir);
    let frozen: boolean;
    try {
      frozen = (await this.#options.isFrozen(id)) || state.memoryFull;
    } catch (error) {
      if (isGone(error)) return this.ungrouped.end(runDir, state);
      throw error;
    }
    const guest = { ...state, frozen };
    let monitor: HolderClient | null;
    try {
      const path = join(runDir, FileName.socket);
      monitor = await HolderClient.connect(path, { role: 'monitor', patienceMs: ANSWER_MS });
    } catch (error) {
      // Where nobody listens the supervisor is dead or no longer ours: the guest cannot be watched or stopped.
      if (!(error instanceof NativeError) || error.code !== 'ETIMEDOUT') return;
      monitor = null;
      this.#options.onFault(id, silentError(guest));
    }
    // What it tells from here on must be heard: nothing may be awaited in between.
    if (this.#entries.has(id)) monitor?.close();
    else this.add(guest, link, { monitor });
  }

  /**
   * Ask the supervisor to stop it; resolves when it says that nothing is left. Throws `unavailable` when the supervisor is
   * stopped by a signal; with `force` that one is killed, and its guest with it.
   */
  async stop(id: string, options: { timeoutMs: number; force: boolean }): Promise<ExitRecord> {
    const entry = this.#entryOf(id);
    if (isStopped(entry.guest)) {
      if (!options.force) throw silentError(entry.guest);
      process.kill(entry.guest.supervisorPid, 'SIGKILL');
    }
    void entry.answered.then(() => entry.monitor?.stop(options));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const seconds = Math.round((options.timeoutMs + STOP_SLACK_MS) / 1000);
        reject(new AppError('timed_out', `the guest's supervisor has not stopped it within ${seconds} s`));
      }, options.timeoutMs + STOP_SLACK_MS);
    });
    try {
      return await Promise.race([entry.ended, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What its supervisor is to do about memory; see MemoryOrder. Throws `unavailable` when it does not answer. */
  async orderMemory(id: string, order: MemoryOrder): Promise<void> {
    const entry = this.#entryOf(id);
    if (isStopped(entry.guest)) throw silentError(entry.guest);
    await entry.answered;
    entry.monitor?.memory(order);
  }

  /** Let all guests run on without us. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const entry of this.#entries.values()) {
      entry.giveUp.abort();
      await entry.answered;
      entry.monitor?.close();
    }
    this.#entries.clear();
  }

  #entryOf(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new AppError('kernel', `guest ${id} does not run`, { detail: { id } });
    return entry;
  }

  async #watch(entry: Entry, monitor?: HolderClient): Promise<void> {
    const fault = (error: unknown) => this.#options.onFault(entry.guest.id, error);
    try {
      const path = join(entry.runDir, FileName.socket);
      const { signal } = entry.giveUp;
      const holder =
        monitor ?? (await HolderClient.connect(path, { role: 'monitor', patienceMs: null, signal }));
      entry.monitor = holder;
      holder.on('event', (event) => this.#happened(entry, event));
      holder.on('exit', (exit) => {
        holder.close();
        this.#ended(entry, exit);
      });
      holder.on('lost', () => void tryAgain(() => this.#lost(entry), fault));
    } catch {
      // It has ended before we could listen, or its supervisor was killed.
      void tryAgain(() => this.#lost(entry), fault);
    }
  }

  #happened(entry: Entry, { kind: told, count, at }: HolderEvent): void {
    const { guest } = entry;
    const kind = GUEST_EVENT_KINDS.find((one) => one === told);
    if (kind === undefined || this.#entries.get(guest.id) !== entry) return;
    if (kind === 'frozen' || kind === 'thawed' || kind === 'memory-full') {
      guest.frozen = kind !== 'thawed';
      guest.memoryFull = kind === 'memory-full';
    }
    this.#options.onEvent({ id: guest.id, at, kind, count });
  }

  #ended(entry: Entry, exit: HolderExit | ExitRecord): void {
    const { id } = entry.guest;
    if (this.#entries.get(id) !== entry) return;
    this.#entries.delete(id);
    this.#options.onRemove(id);
    const { status, signal, outOfMemory, at } = exit;
    const record = { id, status, signal, outOfMemory, at };
    entry.end(record);
    const { initPid, initStartTime } = entry.guest;
    for (const listener of this.#listeners) listener(record, { initPid, initStartTime });
  }

  /** Nobody says how it ended: the file of a supervisor that has gone does, else it was killed with its guest. */
  async #lost(entry: Entry): Promise<void> {
    const { id } = entry.guest;
    if (this.#closed || this.#entries.get(id) !== entry) return;
    const written = await readExitFile(entry.runDir, id);
    // A start removes the file of the run before: whatever it says, it is of this one. Times would not do, clocks are set.
    if (written) return this.#ended(entry, written);
    await this.#options.clean(id);
    const at = new Date().toISOString();
    this.#ended(entry, { id, status: null, signal: 'SIGKILL', outOfMemory: false, at });
  }
}

/** Letter of proc_pid_stat(5): T is stopped by a signal. */
function isStopped({ supervisorPid }: Pick<RunningGuest, 'supervisorPid'>): boolean {
  return stateOf(supervisorPid) === 'T';
}

function isGone(error: unknown): boolean {
  return error instanceof NativeError && (error.code === 'ENOENT' || error.code === 'ENODEV');
}

function silentError({ supervisorPid: pid }: Pick<RunningGuest, 'supervisorPid'>): AppError {
  const why = stateOf(pid) === 'T' ? 'is stopped by a signal' : 'does not answer';
  return new AppError(
    'unavailable',
    `the guest's supervisor (pid ${pid}) ${why}: let it go on with kill -CONT ${pid} or berth doctor --mend, or stop the guest by force`,
  );
}
