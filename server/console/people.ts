import type { ConsolePeople } from './protocol.ts';

/** Who somebody is, and what they may do in a terminal. */
export interface Newcomer {
  /** The same for all windows of one person. */
  account: string;
  name: string;
  mayDrive: boolean;
}

interface Person extends Newcomer {
  id: number;
  isAsking: boolean;
}

/**
 * Who is in a terminal, and who drives: whose keys count and whose window gives the size. One drives, the others watch. The
 * newest window of a person drives for that person; who leaves hands over to whoever asked first, else was there longest.
 */
export class People {
  readonly #people: Person[] = [];
  #driver: number | null = null;
  #ids = 0;

  get driver(): number | null {
    return this.#driver;
  }

  get size(): number {
    return this.#people.length;
  }

  join(newcomer: Newcomer): number {
    const person = { ...newcomer, id: ++this.#ids, isAsking: false };
    this.#people.push(person);
    if (person.mayDrive && (this.#driver === null || this.#isSame(person.id, this.#driver)))
      this.#driver = person.id;
    return person.id;
  }

  leave(id: number): void {
    const index = this.#people.findIndex((person) => person.id === id);
    const [gone] = index < 0 ? [] : this.#people.splice(index, 1);
    if (!gone || this.#driver !== id) return;
    const able = this.#people.filter(({ mayDrive }) => mayDrive);
    const next =
      able.findLast(({ account }) => account === gone.account) ??
      able.find(({ isAsking }) => isAsking) ??
      able[0];
    this.#hand(next?.id ?? null);
  }

  /** Whether keys of this window count. Another window of the one who drives takes over by typing. */
  mayType(id: number): boolean {
    if (this.#driver === id) return true;
    if (this.#driver === null || !this.#isSame(id, this.#driver)) return false;
    return this.take(id);
  }

  /** Ask for control; the one who drives is told. False: this one may only watch, or drives already. */
  ask(id: number): boolean {
    const person = this.#find(id);
    if (!person?.mayDrive || this.#driver === id) return false;
    person.isAsking = true;
    return true;
  }

  /** Take control without waiting for an answer. False: this one may only watch. */
  take(id: number): boolean {
    if (!this.#find(id)?.mayDrive) return false;
    this.#hand(id);
    return true;
  }

  /** Hand control on. False: `from` does not drive, or `to` may not. */
  give(from: number, to: number): boolean {
    return this.#driver === from && this.take(to);
  }

  /** Say no to everybody who asks. False: `from` does not drive. */
  refuse(from: number): boolean {
    if (this.#driver !== from) return false;
    for (const person of this.#people) person.isAsking = false;
    return true;
  }

  /** Names, the one who drives first, each person once. */
  get names(): string[] {
    const ordered = this.#people.toSorted(
      (a, b) => Number(b.id === this.#driver) - Number(a.id === this.#driver),
    );
    return [...new Map(ordered.map(({ account, name }) => [account, name])).values()];
  }

  /** Each person once; `drives`: with any of their windows. */
  get seats(): { account: string; name: string; drives: boolean }[] {
    const seats = new Map<string, { account: string; name: string; drives: boolean }>();
    for (const { id, account, name } of this.#people) {
      const drives = id === this.#driver || seats.get(account)?.drives === true;
      seats.set(account, { account, name, drives });
    }
    return [...seats.values()];
  }

  view(you: number): ConsolePeople {
    return {
      you,
      driver: this.#driver,
      people: this.#people.map(({ id, name, mayDrive, isAsking }) => ({ id, name, mayDrive, isAsking })),
    };
  }

  #hand(id: number | null): void {
    this.#driver = id;
    const person = id === null ? undefined : this.#find(id);
    if (person) person.isAsking = false;
  }

  #find(id: number): Person | undefined {
    return this.#people.find((person) => person.id === id);
  }

  #isSame(one: number, other: number): boolean {
    return this.#find(one)?.account === this.#find(other)?.account;
  }
}
