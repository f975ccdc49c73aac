import { httpCall } from '../../server/cli/http-call.ts';
import type { GuestRecord } from '../../server/guest/record.ts';
import type { GuestView } from '../../server/guest/schema.ts';
import type { ImageView } from '../../server/image/schema.ts';
import type { TrashList } from '../../server/trash/schema.ts';
import type { VolumeView } from '../../server/volume/schema.ts';
import { Acknowledgements, type Outcome } from './acknowledgements.ts';
import type { Call, CallInput, ExpectedGuest, World } from './expected-world.ts';
import type { Rows } from './read-rows.ts';

interface Answer {
  result?: { data: unknown };
  error?: { message: string };
}

/** A client on the admin socket that remembers all it was told, and never asks twice. */
export class AcknowledgingClient {
  readonly told: Acknowledgements;
  readonly #socket: string;

  constructor(socket: string, told = new Acknowledgements()) {
    this.#socket = socket;
    this.told = told;
  }

  /** Ask for a change. Never throws: what came back, or that nothing did, is remembered. */
  async change<T = unknown>(procedure: string, input: CallInput): Promise<Outcome & { answer?: T }> {
    const call: Call = { procedure, input };
    const sentAt = new Date();
    let answer: Answer;
    try {
      const { body } = await httpCall(this.#socket, {
        method: 'POST',
        path: `/api/trpc/${procedure}`,
        body: JSON.stringify(sent(call)),
      });
      answer = JSON.parse(body);
    } catch {
      this.told.record(call, { kind: 'unknown' }, sentAt);
      return { kind: 'unknown' };
    }
    const outcome = outcomeOf(answer);
    this.told.record(call, outcome, sentAt);
    return { ...outcome, answer: answer.result?.data as T };
  }

  /** A change that the oracle has nothing to do with. Throws when it was refused. */
  async request<T>(procedure: string, input: unknown): Promise<T> {
    const path = `/api/trpc/${procedure}`;
    const { body } = await httpCall(this.#socket, { method: 'POST', path, body: JSON.stringify(input) });
    const answer: Answer = JSON.parse(body);
    if (!answer.result) throw new Error(`${procedure}: ${answer.error?.message}`);
    return answer.result.data as T;
  }

  async query<T>(procedure: string, input?: unknown): Promise<T> {
    const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    const { body } = await httpCall(this.#socket, { method: 'GET', path: `/api/trpc/${procedure}${query}` });
    const answer: Answer = JSON.parse(body);
    if (!answer.result) throw new Error(`${procedure}: ${answer.error?.message}`);
    return answer.result.data as T;
  }

  /** Compare what was told with what the server says and what the database has: lines, none when all is true. */
  async judge(rows: Rows): Promise<string[]> {
    const [guests, trash, volumes, images] = await Promise.all([
      this.query<GuestView[]>('guest.list'),
      this.query<TrashList>('trash.list'),
      this.query<VolumeView[]>('volume.list'),
      this.query<ImageView[]>('image.list'),
    ]);
    const said: World = {
      guests: Object.fromEntries(guests.map((view) => [view.name, seen(view, view.revertsAt !== null)])),
      // It tells no settings of them: those are as they are stored.
      trash: ofRows(rows.guests.filter(({ id }) => trash.guests.some((one) => one.id === id))),
      volumes: volumes.map(({ name }) => name),
      images: images.filter(({ state }) => state === 'ready').map(({ name }) => name),
      users: rows.users,
    };
    const stored: World = {
      guests: ofRows(rows.guests.filter((row) => row.trash === null)),
      trash: ofRows(rows.guests.filter((row) => row.trash !== null)),
      volumes: rows.volumes,
      images: rows.images.filter(({ state }) => state === 'ready').map(({ name }) => name),
      users: rows.users,
    };
    const same = JSON.stringify(sorted(said)) === JSON.stringify(sorted(stored));
    return [
      ...(same
        ? []
        : [`the server says ${JSON.stringify(said)}, the database has ${JSON.stringify(stored)}`]),
      ...this.told.judge(said, rows),
    ];
  }
}

function ofRows(rows: readonly GuestRecord[]): World['guests'] {
  return Object.fromEntries(rows.map((row) => [row.name, seen(row, row.revert !== null)]));
}

/** `guest` of an undo and `trashed` are for the oracle alone: the procedures know it by the operation, and by its id. */
function sent({ procedure, input: { trashed: _, ...input } }: Call): CallInput {
  if (procedure !== 'guest.undo') return input;
  return { operation: input.operation };
}

function outcomeOf(answer: Answer): Outcome {
  if (!answer.result) return { kind: 'refused', message: answer.error?.message ?? 'no reason was given' };
  const data = answer.result.data as { operation?: { id: string; status: string } | null };
  const operation = data.operation ?? null;
  // Of a view it is what is at work on the guest, not what this call has begun.
  const begun = operation !== null && 'status' in operation ? operation : null;
  return { kind: 'acknowledged', operation: begun?.id ?? null, status: begun?.status ?? null };
}

function seen({ state, limits }: Pick<GuestRecord, 'state' | 'limits'>, trial: boolean): ExpectedGuest {
  return { state, memory: limits.memory, pids: limits.pids, trial };
}

function sorted({ guests, trash, ...lists }: World): unknown {
  const byName = (all: World['guests']) =>
    Object.keys(all)
      .toSorted()
      .map((name) => [name, all[name]]);
  return [
    byName(guests),
    byName(trash),
    Object.values(lists).map((list: readonly string[]) => list.toSorted()),
  ];
}
