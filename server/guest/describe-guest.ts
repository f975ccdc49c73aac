import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../errors/app-error.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor, Platform } from '../platform.ts';
import type { ProjectRecord } from '../project/project-book.ts';
import { changedFields, expiryChange } from './change-fields.ts';
import type { GuestRecord } from './record.ts';
import {
  type DescribeGuestInput,
  type EditKey,
  type GuestLink,
  type GuestWords,
  MOST_LINKS,
  MOST_TAGS,
} from './record-schema.ts';
import { requireExpiring } from './require-expiring.ts';
import { requireTaggable } from './require-taggable.ts';
import type { GuestView } from './schema.ts';
import type { GuestServices } from './services.ts';
import type { GuestStore } from './store.ts';
import { EditedElsewhere } from './store-errors.ts';
import { publishGuest, viewOf } from './view.ts';

/** The newest edit of each guest: the next one waits for it, so that what it is compared with is what it replaces. */
const turns = new WeakMap<GuestStore, Map<string, Promise<unknown>>>();

/**
 * Change what people write about a guest. Throws `changed_meanwhile` on the first field that somebody else has changed since the
 * version that the change was made from; then nothing is changed. Throws `bad_input` on `owner` for nobody's name, `forbidden` on
 * `addTags` for a tag that would give others more than the actor may, on `atExpiry` for a delete that they may not do.
 */
export async function describeGuest(
  services: GuestServices,
  actor: Actor,
  input: DescribeGuestInput,
): Promise<GuestView> {
  const { guests } = services;
  const { id } = guests.get(input.guest);
  if (input.owner != null) await requireUser(services, input.owner);
  const edit = async () => {
    const record = guests.get(id);
    const { change, keys } = wordsChange(record, services.projects.get(record.project), input);
    if (keys.length === 0) return;
    requireFresh(record, input.version, keys);
    const tags = change.tags?.filter((tag) => !record.tags.includes(tag)) ?? [];
    await requireTaggable(services, actor, { tags, where: { guest: id }, field: 'addTags' });
    if (change.expires !== undefined || change.atExpiry !== undefined)
      await requireExpiring(services, actor, { ...record, ...change, where: { guest: id } });
    const version = record.version + 1;
    const mark = { version, by: actorName(actor), at: new Date().toISOString() };
    const edits = { ...record.edits, ...Object.fromEntries(keys.map((key) => [key, mark])) };
    await guests.update(id, { ...change, version, edits });
    const left = change.tags && record.tags.filter((tag) => !change.tags?.includes(tag));
    if (left && left.length > 0) {
      const from = left.map((tag) => ({ tag }));
      services.events.publish({ type: 'guest.left', id, name: record.name, from });
    }
    publishGuest(services, id, { by: mark.by, what: keys });
  };
  await inTurn(guests, id, () => unlessElsewhere(edit));
  return viewOf(services, guests.get(id));
}

/** What a description changes of a guest that is in this project. Throws `bad_input` on what cannot be. Pure but for the clock. */
export function wordsChange(
  record: GuestRecord,
  project: ProjectRecord,
  input: DescribeGuestInput,
): { change: Partial<GuestWords>; keys: EditKey[] } {
  const fields = changedFields(record, project, input.setFields);
  const words = changeOf(record, input);
  const keys = [
    ...(Object.keys(words) as EditKey[]),
    ...(fields?.changed.map((name): EditKey => `fields.${name}`) ?? []),
  ];
  return { change: { ...words, ...(fields && { fields: fields.values }) }, keys };
}

/** Edits at other servers that one gives way to, each time looking anew at what is there. */
const MOST_TRIES = 5;

async function unlessElsewhere(edit: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await edit();
    } catch (error) {
      if (!(error instanceof EditedElsewhere) || tries === MOST_TRIES) throw error;
    }
  }
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

/** What of a guest is other than it was, but for its fields. Throws `bad_input` on `addTags` and `addLinks` for too many. */
function changeOf(
  record: Pick<GuestRecord, keyof GuestWords>,
  input: DescribeGuestInput,
): Partial<Omit<GuestWords, 'fields'>> {
  const { addTags = [], removeTags = [], notes, owner, contact } = input;
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
    ...(contact !== undefined && contact !== record.contact && { contact }),
    ...linkChange(record.links, input),
    ...expiryChange(record, input, Date.now()),
  };
}

function linkChange(
  before: readonly GuestLink[],
  { addLinks = [], removeLinks = [] }: DescribeGuestInput,
): { links?: GuestLink[] } {
  const byUrl = new Map(before.map((link) => [link.url, link]));
  for (const link of addLinks) byUrl.set(link.url, link);
  for (const url of removeLinks) byUrl.delete(url);
  const links = [...byUrl.values()];
  if (links.length > MOST_LINKS) {
    const message = `that makes ${links.length} links: a guest has at most ${MOST_LINKS}`;
    throw new AppError('bad_input', message, { field: ['addLinks'] });
  }
  return isDeepStrictEqual(links, before) ? {} : { links };
}

/** How a refusal calls what was changed. */
const CALLED: Partial<Record<EditKey, string>> = {
  expires: 'expiry',
  atExpiry: 'what happens at the expiry',
};

/** Tags and links are merged, so they are never in the way. */
function requireFresh(
  { name, edits }: GuestRecord,
  version: number | undefined,
  keys: readonly EditKey[],
): void {
  if (version === undefined) return;
  for (const key of keys) {
    const edit = edits[key];
    if (key === 'tags' || key === 'links' || !edit || edit.version <= version) continue;
    const path = key.split('.');
    const what = path.length > 1 ? `field ${path[1]}` : (CALLED[key] ?? key);
    const message = `${edit.by} has changed the ${what} of ${name} meanwhile: look at what is there now, then merge or overwrite it`;
    throw new AppError('changed_meanwhile', message, { field: path });
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
