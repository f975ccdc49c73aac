import { join } from 'node:path';
import {
  HolderClient,
  type HolderEvent,
  type HolderExit,
  type MemoryOrder,
} from '../../native/lib/holder-client.ts';
import { FileName } from '../../native/protocol/wire.ts';
import { AppError } from '../errors/app-error.ts';
import { GUEST_EVENT_KINDS } from '../guest/schema.ts';
import type { ExitRecord, GuestKernelEvent, RunningGuest } from './port.ts';
import { readExitFile, readLink, readState } from './run-folder.ts';

/** Beyond the time that init has: killing, and giving cgroups, mounts and links back, under load. */
const STOP_SLACK_MS = 60_000;

interface Entry {
  guest: RunningGuest;
  /** Host end of its veth pair. */
  link: string | null;
  runDir: string;
  monitor: Promise<HolderClient | null>;
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
  readonly #options: RunningGuestsOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners: ((exit: ExitRecord) => void)[] = [];
  #closed = false;

  constructor(options: RunningGuestsOptions) {
    this.#options = options;
  }

  onExit(listener: (exit: ExitRecord) => void): void {
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
    const entry = this.#entries.get(id);
    if (!entry) throw new AppError('kernel', `guest ${id} does not run`, { detail: { id } });
    return entry.guest;
  }

  /** The host end of its link; null without one, and for a guest that does not run. */
  linkOf(id: string): string | null {
    return this.#entries.get(id)?.link ?? null;
  }

  /** A guest that has just been started; its end is watched from here on. */
  add(guest: RunningGuest, link: string | null, monitor?: HolderClient): void {
    // Who listed the running guests in this moment has found it already.
    if (this.#entries.has(guest.id)) return;
    const runDir = this.#options.runDirOf(guest.id);
    let end: (exit: ExitRecord) => void = () => undefined;
    const ended = new Promise<ExitRecord>((resolve) => {
      end = resolve;
    });
    const entry: Entry = { guest, link, runDir, monitor: Promise.resolve(null), ended, end };
    this.#entries.set(guest.id, entry);
    this.#options.onAdd(guest.id, { ranBefore: monitor !== undefined });
    entry.monitor = this.#watch(entry, monitor);
  }

  /** Take back a guest that ran on without a server; false when nothing of this folder runs under a supervisor. */
  async adopt(id: string): Promise<boolean> {
    if (this.#entries.has(id)) return true;
    const runDir = this.#options.runDirOf(id);
    const state = await readState(runDir, id);
    if (!state || this.#entries.has(id)) return this.#entries.has(id);
    // A supervisor that does not answer is dead or no longer ours: the guest cannot be watched or stopped.
    const link = await readLink(runDir);
    const frozen = state.memoryFull || (await this.#options.isFrozen(id));
    const monitor = await HolderClient.connect(join(runDir, FileName.socket), { role: 'monitor' }).catch(
      () => null,
    );
    if (!monitor) return false;
    // What it tells from here on must be heard: nothing may be awaited in between.
    if (this.#entries.has(id)) monitor.close();
    else this.add({ ...state, frozen }, link, monitor);
    return true;
  }

  /** Ask the supervisor to stop it; resolves when it says that nothing is left. */
  async stop(id: string, options: { timeoutMs: number; force: boolean }): Promise<ExitRecord> {
    const entry = this.#entries.get(id);
    if (!entry) throw new AppError('kernel', `guest ${id} does not run`, { detail: { id } });
    const monitor = await entry.monitor;
    monitor?.stop(options);
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

  /** What its supervisor is to do about memory; see MemoryOrder. */
  async orderMemory(id: string, order: MemoryOrder): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry) throw new AppError('kernel', `guest ${id} does not run`, { detail: { id } });
    (await entry.monitor)?.memory(order);
  }

  /** Let all guests run on without us. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const { monitor } of this.#entries.values()) (await monitor)?.close();
    this.#entries.clear();
  }

  async #watch(entry: Entry, monitor?: HolderClient): Promise<HolderClient | null> {
    const fault = (error: unknown) => this.#options.onFault(entry.guest.id, error);
    try {
      const socket = join(entry.runDir, FileName.socket);
      const holder = monitor ?? (await HolderClient.connect(socket, { role: 'monitor' }));
      holder.on('event', (event) => this.#happened(entry, event));
      holder.on('exit', (exit) => {
        holder.close();
        this.#ended(entry, exit);
      });
      holder.on('lost', () => {
        this.#lost(entry).catch(fault);
      });
      return holder;
    } catch {
      // It has ended before we could listen, or its supervisor was killed.
      this.#lost(entry).catch(fault);
      return null;
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
    for (const listener of this.#listeners) listener(record);
  }

  /** Nobody says how it ended: the file of a supervisor that has gone does, else it was killed with its guest. */
  async #lost(entry: Entry): Promise<void> {
    const { id, startedAt } = entry.guest;
    if (this.#closed || this.#entries.get(id) !== entry) return;
    const written = await readExitFile(entry.runDir, id);
    if (written && written.at >= startedAt) return this.#ended(entry, written);
    await this.#options.clean(id);
    const at = new Date().toISOString();
    this.#ended(entry, { id, status: null, signal: 'SIGKILL', outOfMemory: false, at });
  }
}
