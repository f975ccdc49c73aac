import { randomBytes } from 'node:crypto';
import { mkdirSync, statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { replaceDurably } from '../instance/write-durably.ts';
import type { Log } from '../platform.ts';
import { CastFile } from './cast-file.ts';
import { healCast } from './heal-cast.ts';
import { readJson } from './read-json.ts';
import { Recorder } from './recorder.ts';
import { readNotes, writeNote } from './recording-note.ts';
import { RecordingPolicies } from './recording-policies.ts';
import {
  limitsInput,
  type RecordingEnd,
  type RecordingLimits,
  type RecordingMark,
  type RecordingsView,
  type RecordingView,
} from './schema.ts';

const MIB = 1024 * 1024;
export const RECORDING_LIMITS: RecordingLimits = {
  mostBytes: 64 * MIB,
  quotaBytes: 4096 * MIB,
  keepDays: 30,
};
/** Bytes of the disk that recordings leave to the database and to guests. */
const LEAVE_FREE = 256 * MIB;
const DAY_MS = 24 * 3600 * 1000;
/** How often what is too old is looked for, ms. */
const SWEEP_MS = 3600 * 1000;

/** What a recording is of. */
export type RecordingSubject = Pick<
  RecordingView,
  | 'guestId'
  | 'guest'
  | 'session'
  | 'title'
  | 'user'
  | 'startedBy'
  | 'isAlways'
  | 'project'
  | 'mostBytes'
  | 'keepDays'
  | 'hasInput'
>;

/** A recording that goes on: what the terminal writes to, and how everybody lets go of it. */
export interface RunningRecording {
  mark: RecordingMark;
  recorder: Recorder;
  /** It is over by itself (a limit, the disk): the reason has been written down. */
  onOver(listener: (end: RecordingEnd) => void): void;
}

interface Entry {
  view: RecordingView;
  running: { recorder: Recorder; over: (end: RecordingEnd) => void } | null;
}

/** All recordings: files `ID.cast` (asciicast v2, 0600) with a note each, in one folder of the instance's. */
export class RecordingBook {
  readonly folder: string;
  readonly policies: RecordingPolicies;
  #limits: RecordingLimits;
  readonly #log: Log;
  readonly #leaveFree: number;
  readonly #onEnd: (view: RecordingView) => void;
  readonly #entries = new Map<string, Entry>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: {
    dataDir: string;
    log: Log;
    limits?: Partial<RecordingLimits>;
    leaveFree?: number;
    /** One is over. */
    onEnd?: (view: RecordingView) => void;
  }) {
    this.folder = join(options.dataDir, 'recordings');
    this.policies = new RecordingPolicies(this.folder);
    this.#limits = { ...RECORDING_LIMITS, ...options.limits };
    this.#log = options.log;
    this.#leaveFree = options.leaveFree ?? LEAVE_FREE;
    this.#onEnd = options.onEnd ?? (() => undefined);
  }

  /** Know the recordings of a server before this one again; once. Resolves to those that were going on. */
  async adopt(): Promise<RecordingView[]> {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    for (const view of await readNotes(this.folder, this.#log))
      this.#entries.set(view.id, { view, running: null });
    this.policies.adopt();
    this.#limits = { ...this.#limits, ...readJson(join(this.folder, 'limits.json'), limitsInput) };
    await this.sweep();
    this.#timer = setInterval(() => void this.sweep(), SWEEP_MS).unref();
    return [...this.#entries.values()].map(({ view }) => view).filter(({ endedAt }) => endedAt === null);
  }

  /** Bytes of all of them. */
  get usedBytes(): number {
    let used = 0;
    for (const { view, running } of this.#entries.values()) used += running?.recorder.size ?? view.size;
    return used;
  }

  /** A new one. Throws `no_space` when there is no room for it. */
  async create(subject: RecordingSubject): Promise<RunningRecording> {
    this.#assertRoom();
    const view: RecordingView = {
      id: randomBytes(10).toString('hex'),
      ...subject,
      startedAt: new Date().toISOString(),
      endedAt: null,
      end: null,
      stoppedBy: null,
      seconds: 0,
      size: 0,
    };
    writeNote(this.folder, view);
    const entry: Entry = { view, running: null };
    this.#entries.set(view.id, entry);
    try {
      return await this.#run(entry, 0, 0);
    } catch (error) {
      await this.#drop(view.id);
      throw error;
    }
  }

  /** Go on with one that a server before this one was writing. Null: there is nothing to go on with; it is closed. */
  async resume(id: string): Promise<RunningRecording | null> {
    const entry = this.#entries.get(id);
    if (!entry || entry.view.endedAt !== null || entry.running) return null;
    const healed = await healCast(this.pathOf(id)).catch(() => null);
    if (!healed) {
      await this.#drop(id);
      return null;
    }
    try {
      return await this.#run(entry, healed.size, healed.seconds);
    } catch {
      await this.finish(id, 'disk', null);
      return null;
    }
  }

  /** It is over. Idempotent: the first reason counts. */
  async finish(id: string, end: RecordingEnd, stoppedBy: string | null): Promise<RecordingView> {
    const entry = this.#find(id);
    const { running } = entry;
    if (entry.view.endedAt !== null) return entry.view;
    entry.running = null;
    entry.view = { ...entry.view, endedAt: new Date().toISOString(), end, stoppedBy };
    this.#onEnd(entry.view);
    await running?.recorder.close();
    const healed = await healCast(this.pathOf(id)).catch(() => null);
    if (!healed) {
      // It was over before it had begun: there is nothing to play.
      await this.#drop(id);
      running?.over(end);
      return entry.view;
    }
    entry.view = { ...entry.view, seconds: healed.seconds, size: healed.size };
    try {
      writeNote(this.folder, entry.view);
    } catch (error) {
      this.#log.warn('the end of a recording cannot be written down', { id, error: String(error) });
    }
    running?.over(end);
    return entry.view;
  }

  /** Throws `not_found`. */
  get(id: string): RecordingView {
    return live(this.#find(id));
  }

  /** Id of the guest that was recorded; null when there is no such recording. */
  guestOf(id: string): string | null {
    return this.#entries.get(id)?.view.guestId ?? null;
  }

  /** Newest first. */
  list(guestId?: string): RecordingsView {
    const all = [...this.#entries.values()].filter(({ view }) => !guestId || view.guestId === guestId);
    const recordings = all.map(live).sort((a, b) => b.startedAt.localeCompare(a.startedAt));
    return { recordings, limits: this.limits, usedBytes: this.usedBytes };
  }

  /** Delete one with its file. Throws `not_found`, and `busy` while it goes on. */
  async remove(id: string): Promise<RecordingView> {
    const { view } = this.#find(id);
    if (view.endedAt === null) throw new AppError('busy', `recording ${id} goes on: stop it first`);
    await this.#drop(id);
    return view;
  }

  /** Remove what ended longer ago than recordings are kept. Resolves to how many. */
  async sweep(now = Date.now()): Promise<number> {
    const keepOf = ({ keepDays }: RecordingView) => (keepDays ?? this.limits.keepDays) * DAY_MS;
    const old = [...this.#entries.values()].filter(
      ({ view }) => view.endedAt !== null && Date.parse(view.endedAt) < now - keepOf(view),
    );
    for (const { view } of old) await this.#drop(view.id);
    if (old.length > 0) this.#log.info('recordings that were too old are removed', { count: old.length });
    return old.length;
  }

  get limits(): RecordingLimits {
    return this.#limits;
  }

  /** From now on, for those that go on too; what is too old by it is removed. */
  async setLimits(limits: Partial<RecordingLimits>): Promise<RecordingLimits> {
    const next = { ...this.#limits, ...limits };
    replaceDurably(join(this.folder, 'limits.json'), `${JSON.stringify(next)}\n`, 0o600);
    this.#limits = next;
    await this.sweep();
    return next;
  }

  /** Projects whose policies have made recordings. */
  projects(): Set<string> {
    return new Set([...this.#entries.values()].flatMap(({ view }) => view.project ?? []));
  }

  /** What a project says of its recordings' size and days, from now on and for those that there are. */
  async setLimitsOf(
    project: string,
    { mostBytes, keepDays }: Pick<RecordingView, 'mostBytes' | 'keepDays'>,
  ): Promise<void> {
    for (const entry of this.#entries.values()) {
      const { view } = entry;
      if (view.project !== project || (view.mostBytes === mostBytes && view.keepDays === keepDays)) continue;
      entry.view = { ...view, mostBytes, keepDays };
      writeNote(this.folder, entry.view);
    }
    await this.sweep();
  }

  pathOf(id: string): string {
    return join(this.folder, `${id}.cast`);
  }

  /** The server ends: what goes on is written to its last byte, and the next server goes on with it. */
  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await Promise.all([...this.#entries.values()].map(({ running }) => running?.recorder.close()));
  }

  async #run(entry: Entry, size: number, seconds: number): Promise<RunningRecording> {
    const { id, startedAt, title, hasInput, startedBy, isAlways, project } = entry.view;
    let over: (end: RecordingEnd) => void = () => undefined;
    const file = await CastFile.open(
      {
        path: this.pathOf(id),
        mostBytes: () => entry.view.mostBytes ?? this.#limits.mostBytes,
        leaveFree: this.#leaveFree,
        room: () => this.limits.quotaBytes - this.usedBytes,
        onFull: (why, reason) => {
          if (reason) this.#log.warn('a recording cannot be written any more: it is closed', { id, reason });
          void this.finish(id, why, null);
        },
      },
      size,
    );
    const recorder = new Recorder({ file, startedAt: new Date(startedAt), title, hasInput, seconds });
    entry.running = { recorder, over: (end) => over(end) };
    return {
      mark: { id, startedBy, isAlways, project, hasInput, startedAt },
      recorder,
      onOver: (listener) => {
        over = listener;
      },
    };
  }

  #assertRoom(): void {
    const { quotaBytes } = this.limits;
    if (this.usedBytes >= quotaBytes) {
      const message = `all recordings have ${Math.floor(quotaBytes / MIB)} MiB, and that is used up: delete some`;
      throw new AppError('no_space', message);
    }
    const { bavail, bsize } = statfsSync(this.folder);
    if (bavail * bsize < this.#leaveFree) {
      const least = Math.floor(this.#leaveFree / MIB);
      throw new AppError(
        'no_space',
        `less than ${least} MiB are free on the disk of ${this.folder}: make room first`,
      );
    }
  }

  #find(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new AppError('not_found', `there is no recording ${id}`, { field: ['id'] });
    return entry;
  }

  async #drop(id: string): Promise<void> {
    this.#entries.delete(id);
    await rm(this.pathOf(id), { force: true });
    await rm(join(this.folder, `${id}.json`), { force: true });
  }
}

function live({ view, running }: Entry): RecordingView {
  return running ? { ...view, seconds: running.recorder.seconds, size: running.recorder.size } : view;
}
