import { AppError } from '../errors/app-error.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor, Platform } from '../platform.ts';
import type { GuestRecord } from './record.ts';
import { type DescribeGuestInput, type GuestWords, MOST_TAGS } from './record-schema.ts';
import type { GuestView } from './schema.ts';
import type { GuestServices } from './services.ts';
import type { GuestStore } from './store.ts';
import { publishGuest, viewOf } from './view.ts';

/** The newest edit of each guest: the next one waits for it, so that what it is compared with is what it replaces. */
const turns = new WeakMap<GuestStore, Map<string, Promise<unknown>>>();

/**
 * Change tags, notes or owner of a guest. Throws `changed_meanwhile` on the first field that somebody else has changed since the
 * version that the change was made from; then nothing is changed. Throws `bad_input` on `owner` for nobody's name.
 */
export async function describeGuest(
  services: GuestServices,
  actor: Actor,
  input: DescribeGuestInput,
): Promise<GuestView> {
  const { guests } = services;
  const { id } = guests.get(input.guest);
  if (input.owner != null) await requireUser(services, input.owner);
  await inTurn(guests, id, async () => {
    const record = guests.get(id);
    const change = changeOf(record, input);
    const fields = Object.keys(change) as (keyof GuestWords)[];
    if (fields.length === 0) return;
    requireFresh(record, input.version, fields);
    const version = record.version + 1;
    const edit = { version, by: actorName(actor), at: new Date().toISOString() };
    const edits = { ...record.edits, ...Object.fromEntries(fields.map((field) => [field, edit])) };
    await guests.update(id, { ...change, version, edits });
    publishGuest(services, id);
  });
  return viewOf(services, guests.get(id));
}

async function inTurn(guests: GuestStore, id: string, run: () => Promise<void>): Promise<void> {
  const waiting = turns.get(guests) ?? new Map<string, Promise<unknown>>();
  turns.set(guests, waiting);
  const before = waiting.get(id) ?? Promise.resolve();
  const mine = before.then(run, run);
  waiting.set(id, mine);
  try {
    await mine;
  } finally {
    if (waiting.get(id) === mine) waiting.delete(id);
  }
}

/** What of a guest is other than it was. Throws `bad_input` on `addTags` for too many. Pure. */
export function changeOf(
  record: Pick<GuestRecord, keyof GuestWords>,
  { addTags = [], removeTags = [], notes, owner }: DescribeGuestInput,
): Partial<GuestWords> {
  const removed = new Set(removeTags);
  const tags = [...new Set([...record.tags, ...addTags])].filter((tag) => !removed.has(tag)).sort();
  if (tags.length > MOST_TAGS) {
    const message = `that makes ${tags.length} tags: a guest has at most ${MOST_TAGS}`;
    throw new AppError('bad_input', message, { field: ['addTags'] });
  }
  const plain = notes?.replaceAll('\r\n', '\n');
  return {
    ...(tags.join() !== record.tags.join() && { tags }),
    ...(plain !== undefined && plain !== record.notes && { notes: plain }),
    ...(owner !== undefined && owner !== record.owner && { owner }),
  };
}

/** Tags are merged, so they are never in the way. */
function requireFresh(
  { name, edits }: GuestRecord,
  version: number | undefined,
  fields: readonly (keyof GuestWords)[],
): void {
  if (version === undefined) return;
  for (const field of fields) {
    const edit = edits[field];
    if (field === 'tags' || !edit || edit.version <= version) continue;
    const message = `${edit.by} has changed the ${field} of ${name} meanwhile: look at what is there now, then merge or overwrite it`;
    throw new AppError('changed_meanwhile', message, { field: [field] });
  }
}

/** Throws `bad_input` on `owner`. */
export async function requireUser({ db }: Pick<Platform, 'db'>, name: string): Promise<void> {
  if (name === 'root') return;
  const user = await db.user.findUnique({ where: { username: name }, select: { id: true } });
  if (user) return;
  throw new AppError('bad_input', `no user is called ${name}: an owner is a user name, or root`, {
    field: ['owner'],
  });
}
