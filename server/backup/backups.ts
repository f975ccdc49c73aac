import { AppError } from '../errors/app-error.ts';
import type { Log } from '../platform.ts';
import { backupFolder, listBackups } from './backup-folder.ts';
import { makeBackup } from './make-backup.ts';
import type { DatabaseAccess } from './pg-tools.ts';
import type { BackupReason, BackupsView, BackupView } from './schema.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The back-ups of a running server: made by hand and daily, one at a time. */
export class Backups {
  readonly #dataDir: string;
  readonly #database: () => DatabaseAccess;
  readonly #log: Log;
  #making: Promise<BackupView> | null = null;
  readonly #timers: NodeJS.Timeout[] = [];
  #problem: string | null = null;

  /** `database` is asked at each back-up; it throws AppError where PostgreSQL's programs are not there. */
  constructor(options: { dataDir: string; database: () => DatabaseAccess; log: Log }) {
    this.#dataDir = options.dataDir;
    this.#database = options.database;
    this.#log = options.log;
  }

  list(): BackupsView {
    const folder = backupFolder(this.#dataDir);
    return { folder, backups: listBackups(this.#dataDir), problem: this.#problem };
  }

  /** Throws `busy` while another one is made. */
  async make(reason: BackupReason): Promise<BackupView> {
    if (this.#making) throw new AppError('busy', 'a back-up is being made already: wait for its end');
    this.#making = makeBackup(this.#dataDir, this.#database(), reason).finally(() => {
      this.#making = null;
    });
    return this.#making;
  }

  /** From now on one a day: looked at a minute from now, when the start is over, and then each hour. */
  startDaily(): void {
    const look = () => void this.#daily();
    this.#timers.push(setTimeout(look, MINUTE).unref(), setInterval(look, HOUR).unref());
  }

  /** No further ones; waits for one that is being made. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#making?.catch(() => undefined);
  }

  async #daily(): Promise<void> {
    const now = Date.now();
    // One from the future was made before the clock was set back: it is no reason to make none, nor one each hour.
    const last = listBackups(this.#dataDir).find(
      ({ reason, at }) => reason === 'daily' && Date.parse(at) <= now,
    );
    if (this.#making || (last && now - Date.parse(last.at) < DAY)) return;
    try {
      await this.make('daily');
      this.#problem = null;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
      this.#log.error("the day's back-up of the database failed", { error });
    }
  }
}
