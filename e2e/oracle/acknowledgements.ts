import {
  type Call,
  differences,
  EMPTY_WORLD,
  type World,
  worldAfter,
  worldsAfterFailure,
} from './expected-world.ts';
import type { OperationFacts, Rows } from './read-rows.ts';

/** What came back of a call; `unknown`: the connection broke, and it may have happened or not. */
export type Outcome =
  | { kind: 'acknowledged'; operation: string | null; status: string | null }
  | { kind: 'refused'; message: string }
  | { kind: 'unknown' };

interface Pending {
  call: Call;
  /** The operation that was acknowledged as begun; null: nobody was told. */
  operation: string | null;
  sentAt: Date;
}

/**
 * The oracle of acknowledgements: it remembers what a client was told, and judges after a fault whether all of that is
 * so, whether what was told to have failed has changed nothing, and whether what nobody was told of happened whole or
 * not at all.
 */
export class Acknowledgements {
  #world: World;
  readonly #pending: Pending[] = [];
  /** Operations that a client was told have ended well. */
  readonly #done = new Set<string>();
  /** What may be besides, since calls on it have failed. */
  readonly #failed: Call[] = [];
  /** Settings before a change, by its operation, for its undo. */
  readonly #before = new Map<string, World['guests'][string]>();

  constructor(world: World = EMPTY_WORLD) {
    this.#world = world;
  }

  /** What the client believes now. */
  get world(): World {
    return this.#world;
  }

  /** Remember what came back of a call that was sent at that time. */
  record(call: Call, outcome: Outcome, sentAt: Date): void {
    if (outcome.kind === 'refused') {
      this.#failed.push(call);
      return;
    }
    const ended = outcome.kind === 'acknowledged' && (outcome.status === null || outcome.status === 'done');
    if (!ended) {
      const operation = outcome.kind === 'acknowledged' ? outcome.operation : null;
      this.#pending.push({ call, operation, sentAt });
      return;
    }
    if (outcome.operation !== null) this.#done.add(outcome.operation);
    this.#world = this.#after(this.#world, call, outcome.operation);
  }

  /** Something else than the client's wish has changed a guest, as a test has made it: what it must be from now on. */
  happened(guest: string, change: Partial<World['guests'][string]>): void {
    const before = this.#world.guests[guest];
    if (!before) throw new Error(`the oracle was never told of guest ${guest}`);
    this.#world = { ...this.#world, guests: { ...this.#world.guests, [guest]: { ...before, ...change } } };
  }

  /** Judge against what is seen; afterwards the oracle takes what it saw for what the client knows. */
  judge(seen: World, rows: Rows): string[] {
    const lines: string[] = [];
    for (const id of this.#done) {
      const row = rows.operations.find((one) => one.id === id);
      if (row?.status !== 'done')
        lines.push(`operation ${id} was acknowledged as done, it is ${row?.status ?? 'gone'}`);
    }
    let worlds: World[] = [this.#world];
    for (const call of this.#failed) worlds = worlds.flatMap((world) => worldsAfterFailure(world, call));
    for (const one of this.#pending)
      worlds = worlds.flatMap((world) => this.#possible(world, one, rows, lines));
    const judged = worlds.map((world) => differences(world, seen));
    const best = judged.toSorted((a, b) => a.length - b.length)[0] ?? [];
    lines.push(...best);
    this.#world = seen;
    this.#pending.length = 0;
    this.#failed.length = 0;
    return lines;
  }

  #possible(world: World, { call, operation, sentAt }: Pending, rows: Rows, lines: string[]): World[] {
    if (!isJournaled(call)) return [world, this.#after(world, call, null)];
    const row =
      operation === null ? rowOf(call, sentAt, rows) : rows.operations.find(({ id }) => id === operation);
    if (!row) {
      if (operation !== null) lines.push(`operation ${operation} was acknowledged as begun, it is gone`);
      return call.procedure === 'guest.create' ? worldsAfterFailure(world, call) : [world];
    }
    if (row.status === 'done') return [this.#after(world, call, row.id)];
    if (row.status === 'running') lines.push(`${row.kind} (${row.id}) was neither finished nor undone`);
    return worldsAfterFailure(world, call);
  }

  #after(world: World, call: Call, operation: string | null): World {
    const ref = call.input.guest ?? '';
    if (call.procedure === 'guest.undo') {
      const before = this.#before.get(call.input.operation ?? '');
      const name = Object.keys(world.guests).find((one) => one === ref) ?? '';
      const guest = world.guests[name];
      if (!before || !guest)
        throw new Error(`the oracle was never told of the change ${call.input.operation}`);
      return {
        ...world,
        guests: { ...world.guests, [name]: { ...guest, memory: before.memory, pids: before.pids } },
      };
    }
    const guest = world.guests[ref];
    if (call.procedure === 'guest.configure' && guest && operation !== null)
      this.#before.set(operation, guest);
    return worldAfter(world, call);
  }
}

/** Calls whose effect has a row in the journal. */
function isJournaled({ procedure }: Call): boolean {
  return !['guest.keep', 'volume.create', 'volume.delete', 'setup.createAdmin'].includes(procedure);
}

/** The kinds of operations that are not called as what begins them. */
const KINDS: Readonly<Record<string, string>> = {
  'guest.undo': 'guest.configure',
  'trash.restore': 'guest.restore',
  'trash.delete': 'guest.delete',
};

function rowOf({ procedure, input }: Call, sentAt: Date, rows: Rows): OperationFacts | undefined {
  const kind = KINDS[procedure] ?? procedure;
  const subject = procedure === 'guest.create' ? input.name : (input.trashed ?? input.guest ?? input.image);
  return rows.operations.find(
    (one) => one.kind === kind && one.subject === subject && one.createdAt >= sentAt,
  );
}
