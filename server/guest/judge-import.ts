import { createHash } from 'node:crypto';
import type { Guard } from '../access/guard.ts';
import type { Rights } from '../access/may.ts';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { assertAllowed } from './action.ts';
import { checkSettings } from './check-settings.ts';
import { requireUser, wordsChange } from './describe-guest.ts';
import { assertNameFree } from './guest-name.ts';
import type { RowChange } from './import-change.ts';
import type { ImportRow } from './import-schema.ts';
import { judgeChange } from './judge-change.ts';
import { judgeMove } from './move-guest.ts';
import type { GuestRecord } from './record.ts';
import { requireExpiring } from './require-expiring.ts';
import { requireTaggable } from './require-taggable.ts';
import { revertOf } from './revert-of.ts';
import type { GuestServices } from './services.ts';
import { patched, settingsOf } from './settings.ts';

/** Who imports. */
export interface Importer {
  actor: Actor;
  rights: Rights;
  guard: Guard;
}

/** What a guest was as it was looked at: all that an import may change of it, in one word. Pure. */
export function seenOf(record: GuestRecord): string {
  const { name, project, version } = record;
  const text = JSON.stringify([name, project, settingsOf(record)], (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? // A database may give the keys back in another order.
        Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return `${version}.${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

/** Throws `changed_meanwhile`, naming who where that is known, unless the guest still is what was looked at. Pure. */
export function requireSeen(record: GuestRecord, seen: string): void {
  if (seenOf(record) === seen) return;
  const version = Number(seen.split('.')[0]);
  const newest = Object.entries(record.edits)
    .flatMap(([key, edit]) => (edit && edit.version > version ? [{ key, ...edit }] : []))
    .sort((a, b) => b.version - a.version)[0];
  const what = newest
    ? `${newest.by} has changed the ${newest.key.replace('fields.', 'field ')} of ${record.name}`
    : `the settings, the name or the project of ${record.name} have been changed`;
  throw new AppError(
    'changed_meanwhile',
    `${what} since this was looked at: look again at what would change`,
    {
      field: ['seen'],
    },
  );
}

/** Throws `bad_input` where a row says of a guest what is never changed of one. Pure. */
export function requireSameMake(row: ImportRow, record: GuestRecord): void {
  for (const key of ['image', 'kind'] as const) {
    if (row[key] === undefined || row[key] === record[key]) continue;
    const message = `${key}: ${record.name} is made as ${record[key]} and stays so: leave ${key} out, or give the guest to make as ${row[key]} another name`;
    throw new AppError('bad_input', message, { field: [key] });
  }
}

/**
 * All that is asked of a change before anything of it is made, but for room: throws what its verbs would throw, on the row's field. Who
 * may change the guest at all is the caller's to ask.
 */
export async function judgeRow(
  services: GuestServices,
  by: Importer,
  { record, change }: { record: GuestRecord; change: RowChange },
): Promise<void> {
  const { actor } = by;
  const { id } = record;
  if (change.name !== null) {
    assertAllowed(services, 'rename', record);
    assertNameFree(services, change.name);
  }
  if (change.project !== null) await judgeMove(services, by, { id, project: change.project });
  if (change.settings) {
    assertAllowed(services, 'configure', record);
    const patch = change.settings;
    const before = settingsOf(record);
    const after = patched(before, patch);
    const revert = revertOf(record.revert, { before, after, patch, seconds: undefined });
    await judgeChange(services, actor, record, { after, revert });
    await checkSettings(services, { name: record.name, kind: record.kind, patch, settings: after });
  }
  if (change.words) {
    const { words } = change;
    if (words.owner != null) await requireUser(services, words.owner);
    const project = services.projects.get(change.project ?? record.project);
    const { change: next } = wordsChange(record, project, { ...words, guest: id });
    await requireTaggable(services, actor, {
      tags: words.addTags ?? [],
      where: { guest: id },
      field: 'tags',
    });
    if (next.expires !== undefined || next.atExpiry !== undefined)
      await requireExpiring(services, actor, { ...record, ...next, where: { guest: id } });
  }
}
