import { hostname } from 'node:os';
import type { Db } from './client.ts';

/** ms between two words that this server is at work, and after how many without one another is taken for stopped. */
const TELL_EVERY = 30_000;
const STOPPED_AFTER = 120_000;

/** A host whose server shares the database, as the others know it. */
export interface KnownHost {
  /** Of its installation. */
  id: string;
  /** As people call it. */
  name: string;
  /** Where its console is. */
  address: string;
  /** The networks of its guests, as in `Instance`. */
  ipv4: string;
  ipv6: string;
  idBase: number;
}

/** Which hosts share the database. Only one that DATABASE_URL names has several. */
export class HostBook {
  /** Id of this server's installation: guests with it live here. */
  readonly own: string;
  readonly #db: Db;
  #hosts = new Map<string, KnownHost>();
  #timer: NodeJS.Timeout | null = null;

  constructor(db: Db, own = '') {
    this.#db = db;
    this.own = own;
  }

  /** Read who is there; again whenever somebody comes or goes. */
  async load(): Promise<void> {
    const rows = await this.#db.installation.findMany({ orderBy: { since: 'asc' } });
    const isOnce = (host: string) => rows.filter((row) => row.host === host).length === 1;
    this.#hosts = new Map(
      rows.map(({ id, host, dataDir, address, ipv4, ipv6, idBase }) => [
        id,
        { id, name: isOnce(host) ? host : `${host}:${dataDir}`, address, ipv4, ipv6, idBase },
      ]),
    );
  }

  /** Say from time to time that this server is at work. Call the result to end that. */
  start(): () => void {
    const tell = () =>
      // By the database's clock, which is the same for all hosts.
      void this.#db
        .$executeRaw`UPDATE "installation" SET "lastSeen" = now() AT TIME ZONE 'UTC' WHERE "id" = ${this.own}`.catch(
        () => undefined,
      );
    tell();
    this.#timer = setInterval(tell, TELL_EVERY).unref();
    return () => {
      if (this.#timer) clearInterval(this.#timer);
    };
  }

  /** No other host shares the database. */
  isAlone(): boolean {
    return this.#hosts.size <= 1;
  }

  find(id: string): KnownHost | null {
    return this.#hosts.get(id) ?? null;
  }

  /** As people call it; of one that is gone there is only its id. */
  nameOf(id: string): string {
    const known = this.#hosts.get(id)?.name;
    return known ?? (id === this.own ? hostname() : id);
  }

  /** Whether what one server does for all is this one's to do: of those that are at work it is the longest here. */
  async isFirst(): Promise<boolean> {
    if (this.isAlone()) return true;
    const [first] = await this.#db.$queryRaw<{ id: string }[]>`
      SELECT "id" FROM "installation"
      WHERE "id" = ${this.own} OR "lastSeen" > now() AT TIME ZONE 'UTC' - make_interval(secs => ${STOPPED_AFTER / 1000})
      ORDER BY "since", "id" LIMIT 1`;
    return first?.id === this.own;
  }
}
