import { AppError } from '../errors/app-error.ts';
import type { Instance } from '../instance/instance.ts';
import type { EventBus, Log } from '../platform.ts';
import { backupFolder, listBackups } from './backup-folder.ts';
import { copyBackup } from './copy-backup.ts';
import { makeBackup } from './make-backup.ts';
import type { DatabaseAccess } from './pg-tools.ts';
import { readSchedule, writeSchedule } from './schedule-book.ts';
import { type ChangeScheduleInput, isTrialDue, nextBackup, type TrialView } from './schedule-schema.ts';
import type { BackupReason, BackupsView, BackupView } from './schema.ts';
import { endTrial, hasTrial, tryRestore } from './try-restore.ts';

const MINUTE = 60_000;
/** ms until what has failed is tried again. */
const AGAIN = 60 * MINUTE;

interface Options {
  instance: Pick<Instance, 'dataDir' | 'runDir'>;
  /** Asked at each back-up; it throws AppError where PostgreSQL's programs are not there. */
  database: () => DatabaseAccess;
  /** Name of the user whose a PostgreSQL of our own is. */
  userName: string;
  /** Whether the scheduled ones are this server's to make: of those that share the database one does. */
  isTurn(): Promise<boolean>;
  events: EventBus;
  log: Log;
}

/** The back-ups of a running server: made by hand and by a schedule, and restored for a trial, one at a time. */
export class Backups {
  readonly #options: Options;
  readonly #dataDir: string;
  #working: Promise<unknown> | null = null;
  readonly #timers: NodeJS.Timeout[] = [];
  /** On a clock that nobody sets. */
  #notBefore = 0;
  #isLooking = false;

  constructor(options: Options) {
    this.#options = options;
    this.#dataDir = options.instance.dataDir;
  }

  list(): BackupsView {
    const folder = backupFolder(this.#dataDir);
    const { schedule, last, trial } = readSchedule(this.#dataDir);
    const next = nextBackup(schedule, this.#lastScheduled(Date.now()), Date.now());
    const nextAt = next === null ? null : new Date(next).toISOString();
    const problem = last?.problem ?? null;
    return { folder, backups: listBackups(this.#dataDir), problem, schedule, last, trial, nextAt };
  }

  /** Throws `busy` while another one is made or tried. */
  async make(reason: BackupReason): Promise<BackupView> {
    return this.#alone(() => makeBackup(this.#dataDir, this.#options.database(), reason));
  }

  /** What is left out stays. Fewer that are kept go with the next that is made. */
  setSchedule(change: ChangeScheduleInput): BackupsView {
    const { schedule } = readSchedule(this.#dataDir);
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    writeSchedule(this.#dataDir, { schedule: { ...schedule, ...Object.fromEntries(given) } });
    this.#notBefore = 0;
    return this.list();
  }

  /** Restore one for a trial, the newest where none is named, and compare. Throws `not_found`, `busy`; what is wrong with it is in the answer. */
  async tryOne(name: string | undefined = listBackups(this.#dataDir)[0]?.name): Promise<TrialView> {
    if (name === undefined)
      throw new AppError('not_found', 'there is no back-up yet: make one with berth db backup');
    const { instance, userName, log } = this.#options;
    return this.#alone(async () => {
      const began = performance.now();
      const at = new Date().toISOString();
      const done = await tryRestore(instance, name, { userName, log }).catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'not_found') throw error;
        return error instanceof Error ? error.message : String(error);
      });
      const failed = typeof done === 'string';
      const found = failed ? { rows: 0, tables: 0, compared: false } : done;
      const problem = failed ? done : null;
      const trial = { at, name, problem, ...found, ms: Math.round(performance.now() - began) };
      writeSchedule(this.#dataDir, { trial });
      this.#tell(problem === null ? null : `the trial restore of ${name} failed: ${problem}`);
      return trial;
    });
  }

  /**
   * From now on as the schedule says: looked at a minute from now, when the start is over, and then each minute. A trial in the middle of which
   * a server was killed is cleared away.
   */
  startDaily(): void {
    const { instance, log } = this.#options;
    if (hasTrial(instance))
      void this.#alone(() => endTrial(instance)).catch((error: unknown) =>
        log.error('what is left of a trial restore cannot be removed', { error }),
      );
    this.#timers.push(setInterval(() => void this.lookNow(), MINUTE).unref());
  }

  /** No further ones; waits for one that is being made. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#working?.catch(() => undefined);
  }

  /**
   * Make what is due, copy it, and try a restore of it as often as is chosen. Never rejects: what fails is told and tried again in an hour, of
   * one that was made and not copied the copy alone.
   */
  async lookNow(now = Date.now()): Promise<void> {
    if (this.#working || this.#isLooking || performance.now() < this.#notBefore) return;
    this.#isLooking = true;
    const at = new Date(now).toISOString();
    let name: string | null = null;
    try {
      const { schedule, last } = readSchedule(this.#dataDir);
      const next = nextBackup(schedule, this.#lastScheduled(now), now);
      if (next === null) return;
      const unfinished = last?.problem ? last.name : null;
      const found = listBackups(this.#dataDir).find((one) => one.name === unfinished);
      if (next > now && !found) return;
      if (!(await this.#options.isTurn())) return;
      const made = next > now && found ? found : await this.make('daily');
      name = made.name;
      if (schedule.copyTo !== null)
        await copyBackup(this.#dataDir, made, { folder: schedule.copyTo, keep: schedule.keep });
      writeSchedule(this.#dataDir, { last: { at, name, problem: null } });
      this.#tell(null);
      if (isTrialDue(schedule, readSchedule(this.#dataDir).trial, now)) await this.tryOne(name);
    } catch (error) {
      this.#failed(error, at, name);
    } finally {
      this.#isLooking = false;
    }
  }

  #failed(error: unknown, at: string, name: string | null): void {
    const { log } = this.#options;
    const problem = error instanceof Error ? error.message : String(error);
    log.error("the day's back-up of the database failed", { error });
    this.#notBefore = performance.now() + AGAIN;
    try {
      writeSchedule(this.#dataDir, { last: { at, name, problem } });
    } catch (cause) {
      // The disk is full, which may be why: it is told all the same.
      log.error('how the back-up went cannot be written down', { error: cause });
    }
    this.#tell(`the back-up of the database failed: ${problem}`);
  }

  /** One from the future was made before the clock was set back: it is no reason to make none, nor one each minute. */
  #lastScheduled(now: number): number | null {
    const last = listBackups(this.#dataDir).find(
      ({ reason, at }) => reason === 'daily' && Date.parse(at) <= now,
    );
    return last ? Date.parse(last.at) : null;
  }

  #tell(failed: string | null): void {
    this.#options.events.publish({ type: 'backups.changed', failed });
  }

  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#working)
      throw new AppError('busy', 'a back-up is being made or tried already: wait for its end');
    const working = work().finally(() => {
      this.#working = null;
    });
    this.#working = working;
    return working;
  }
}
