import { AppError } from '../errors/app-error.ts';
import type { EventBus } from '../platform.ts';
import { type Doing, type GuestPageName, MOST_SEATS, type Present } from './schema.ts';

/** ms between two tellings of one guest: who changes pages all the time makes no flood. */
const EVERY = 200;

/** A window of the console. */
export interface Seat {
  /** The same for all windows of one person. */
  account: string;
  name: string;
  /** Id of the guest whose page is open; null: another page. */
  guest: string | null;
  page: GuestPageName;
  isIdle: boolean;
}

/** A terminal that somebody looks at. */
export interface WatchedTerminal {
  guest: string;
  kind: 'shell' | 'console';
  /** What people call the shell. */
  name: string | null;
  people: readonly { account: string; name: string; drives: boolean }[];
}

interface Telling {
  /** What was told last, as JSON. */
  last: string;
  timer: NodeJS.Timeout | null;
  isDue: boolean;
}

const NOBODY = '[]';

/**
 * Who looks at which guest now, in memory alone: it lives as long as the connections that it is about. Each change is told as an
 * event, at once, then not before `everyMs` has passed.
 */
export class PresenceBook {
  readonly #events: Pick<EventBus, 'publish'>;
  readonly #everyMs: number;
  readonly #seats = new Map<string, Set<Seat>>();
  readonly #terminals = new Map<string, WatchedTerminal>();
  readonly #tellings = new Map<string, Telling>();

  constructor(events: Pick<EventBus, 'publish'>, options: { everyMs?: number } = {}) {
    this.#events = events;
    this.#everyMs = options.everyMs ?? EVERY;
  }

  /** A window is there until what is returned is called. Throws `too_many`. */
  sit(of: Seat): () => void {
    const seat = { ...of };
    const own = this.#seats.get(seat.account) ?? new Set<Seat>();
    if (own.size >= MOST_SEATS) {
      const message = `you have ${own.size} windows of the console open, the most that are counted: close some first`;
      throw new AppError('too_many', message);
    }
    this.#seats.set(seat.account, own.add(seat));
    this.#touchAll(seat);
    return () => {
      if (!own.delete(seat)) return;
      if (own.size === 0 && this.#seats.get(seat.account) === own) this.#seats.delete(seat.account);
      this.#touchAll(seat);
    };
  }

  /** Who is in a terminal from now on; nobody: it is forgotten. */
  setTerminal(id: string, terminal: WatchedTerminal): void {
    const before = this.#terminals.get(id);
    if (terminal.people.length > 0) this.#terminals.set(id, terminal);
    else this.#terminals.delete(id);
    if (before) this.#touch(before.guest);
    this.#touch(terminal.guest);
  }

  /** A guest is gone: nobody looks at it any more. */
  forget(guest: string): void {
    for (const seats of this.#seats.values())
      for (const seat of seats) if (seat.guest === guest) seat.guest = null;
    for (const [id, terminal] of this.#terminals) if (terminal.guest === guest) this.#terminals.delete(id);
    const telling = this.#tellings.get(guest);
    if (telling?.timer) clearTimeout(telling.timer);
    this.#tellings.delete(guest);
  }

  /** Ids of the guests that somebody looks at. */
  guests(): string[] {
    const ids = new Set([...this.#terminals.values()].map(({ guest }) => guest));
    for (const seats of this.#seats.values()) for (const { guest } of seats) if (guest) ids.add(guest);
    return [...ids];
  }

  /** Those who look at a guest, by name. */
  of(guest: string): Present[] {
    const people = new Map<string, Omit<Present, 'isIdle'> & { isInTerminal: boolean }>();
    const add = (account: string, name: string, doing: Doing) => {
      const isTerminal = 'terminal' in doing;
      const known = people.get(account) ?? { name, doing: [], isInTerminal: false };
      const text = JSON.stringify(doing);
      if (!known.doing.some((other) => JSON.stringify(other) === text)) known.doing.push(doing);
      people.set(account, { ...known, isInTerminal: known.isInTerminal || isTerminal });
    };
    for (const { guest: at, kind, name: shell, people: watching } of this.#terminals.values()) {
      if (at !== guest) continue;
      for (const { account, name, drives } of watching)
        add(account, name, { terminal: kind, name: shell, types: drives });
    }
    for (const [account, seats] of this.#seats)
      for (const seat of seats) if (seat.guest === guest) add(account, seat.name, { page: seat.page });
    return [...people]
      .map(([account, { name, doing, isInTerminal }]) => ({
        ...{ name, doing },
        isIdle: this.#isIdle(account, isInTerminal ? null : guest),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Guests that are deleted are forgotten; returns how to stop. */
  follow(events: Pick<EventBus, 'on'>): () => void {
    return events.on((event) => {
      if (event.type === 'guest.removed') this.forget(event.id);
    });
  }

  /** No more is told. */
  stop(): void {
    for (const { timer } of this.#tellings.values()) if (timer) clearTimeout(timer);
    this.#tellings.clear();
  }

  /** Whether nobody sits at the windows of a person that are open at a guest; null: at any. A terminal may be in each of them. */
  #isIdle(account: string, guest: string | null): boolean {
    const seats = [...(this.#seats.get(account) ?? [])].filter(
      (seat) => guest === null || seat.guest === guest,
    );
    return seats.length > 0 && seats.every(({ isIdle }) => isIdle);
  }

  /** What a window says is about its guest, and about those that the person has a terminal in. */
  #touchAll({ account, guest }: Seat): void {
    const touched = new Set(guest === null ? [] : [guest]);
    for (const terminal of this.#terminals.values())
      if (terminal.people.some((person) => person.account === account)) touched.add(terminal.guest);
    for (const one of touched) this.#touch(one);
  }

  #touch(guest: string): void {
    const telling = this.#tellings.get(guest) ?? { last: NOBODY, timer: null, isDue: false };
    this.#tellings.set(guest, telling);
    if (telling.timer) telling.isDue = true;
    else this.#tell(guest, telling);
  }

  #tell(guest: string, telling: Telling): void {
    const people = this.of(guest);
    const text = JSON.stringify(people);
    telling.isDue = false;
    const isNew = text !== telling.last;
    telling.last = text;
    const rest = () => {
      telling.timer = null;
      if (telling.isDue) this.#tell(guest, telling);
      else if (telling.last === NOBODY) this.#tellings.delete(guest);
    };
    telling.timer = setTimeout(rest, this.#everyMs).unref();
    if (isNew) this.#events.publish({ type: 'presence.changed', guest, people });
  }
}
