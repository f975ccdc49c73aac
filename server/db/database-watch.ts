import { Client } from 'pg';
import { AppError } from '../errors/app-error.ts';
import type { Log } from '../platform.ts';
import { CHANNEL, type ChangeFeed, serverName } from './change-feed.ts';
import type { DatabaseState } from './database-state.ts';

/** ms between two questions, while it answers and while it does not. */
const ASK_EVERY = 2000;
const RETRY_EVERY = 300;
/** ms for a connection or an answer: behind a cut cable nothing is refused. */
const PATIENCE = 3000;

interface Options {
  url: string;
  /** Id of the installation that the database has to be of: another one that answers in its place is not it. */
  installation: string;
  log: Log;
  /** Hears what is changed in it; null: nobody else changes anything. */
  changes: ChangeFeed | null;
  /** It went away, or is back. */
  onTurn(awaySince: string | null): void;
}

/**
 * Follows over a connection of its own whether the database answers and takes changes: one that is being stopped says so at once, one
 * behind a cut cable is missed after seconds, and one that only repeats another (before a failover has ended) does not count.
 */
export class DatabaseWatch implements DatabaseState {
  readonly #options: Options;
  #client: Client | null = null;
  /** The connection since whose beginning nothing was missed. */
  #heard: Client | null = null;
  #since: string | null = null;
  #looking: Promise<boolean> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #waiting: (() => void)[] = [];
  readonly #asking = new Set<() => void>();
  #stopped = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Resolves after the first question. */
  async start(): Promise<void> {
    await this.look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#looking;
    this.#drop();
  }

  awaySince(): string | null {
    return this.#since;
  }

  onAway(tell: () => void): () => void {
    this.#asking.add(tell);
    return () => this.#asking.delete(tell);
  }

  back(): Promise<void> {
    if (this.#since === null) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  look(): Promise<boolean> {
    if (this.#stopped) return Promise.resolve(this.#since === null);
    this.#looking ??= this.#ask().then((reason) => {
      this.#looking = null;
      this.#turn(reason);
      if (reason === null) this.#tellGap();
      this.#plan();
      return reason === null;
    });
    return this.#looking;
  }

  #plan(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#stopped) return;
    const every = this.#since === null ? ASK_EVERY : RETRY_EVERY;
    this.#timer = setTimeout(() => void this.look(), every).unref();
  }

  /** Null when it answers and takes changes, else why not. */
  async #ask(): Promise<unknown> {
    try {
      const client = this.#client ?? (await this.#connect());
      const { rows } = await client.query<{ id: string; readonly: boolean }>(
        `SELECT "id", pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS "readonly" FROM "installation"
           WHERE "id" = $1 AND "movedTo" IS NULL`,
        [this.#options.installation],
      );
      const [row] = rows;
      if (row?.id !== this.#options.installation)
        throw new AppError('illegal_state', 'another database answers in its place');
      if (row.readonly) throw new AppError('unavailable', 'it takes no changes');
      return null;
    } catch (error) {
      this.#drop();
      return error ?? new Error('no answer');
    }
  }

  async #connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.#options.url,
      application_name: serverName(this.#options.installation),
      connectionTimeoutMillis: PATIENCE,
      query_timeout: PATIENCE,
      keepAlive: true,
    });
    const lost = () => {
      if (this.#client !== client) return;
      this.#drop();
      void this.look();
    };
    client.on('error', lost);
    client.on('end', lost);
    try {
      await client.connect();
      await this.#listen(client);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    this.#client = client;
    return client;
  }

  /** What is told while there is no connection is lost. */
  async #listen(client: Client): Promise<void> {
    const { changes } = this.#options;
    if (changes === null) return;
    client.on('notification', ({ payload = '' }) => changes.take(payload));
    await client.query(`LISTEN ${CHANNEL}`);
  }

  /** Only when it is known to be there again can what was missed be read. */
  #tellGap(): void {
    if (this.#client === null || this.#client === this.#heard) return;
    this.#heard = this.#client;
    this.#options.changes?.gap();
  }

  #drop(): void {
    const client = this.#client;
    this.#client = null;
    void client?.end().catch(() => undefined);
  }

  #turn(reason: unknown): void {
    if ((reason === null) === (this.#since === null)) return;
    const { log, onTurn } = this.#options;
    if (reason === null) log.info('the database answers again', { awaySince: this.#since });
    else log.error('the database is away', { error: reason });
    this.#since = reason === null ? null : new Date().toISOString();
    const waiting = this.#waiting;
    if (reason === null) this.#waiting = [];
    onTurn(this.#since);
    if (reason !== null) {
      for (const tell of this.#asking) tell();
      this.#asking.clear();
    }
    if (reason === null) for (const resolve of waiting) resolve();
  }
}
