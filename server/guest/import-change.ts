import { isDeepStrictEqual } from 'node:util';
import { type FieldDefinition, type FieldValue, readFieldValue } from '../project/field-schema.ts';
import { isRecord } from './import-row-schema.ts';
import type { ImportChange, ImportRow } from './import-schema.ts';
import type { GuestRecord } from './record.ts';
import type { DescribeGuestInput } from './record-schema.ts';
import { patched, patchTo, type SettingsPatch, settingsOf } from './settings.ts';

/** What a row asks to be other than it is, by the verb that does it; null: nothing of that. */
export interface RowChange {
  name: string | null;
  project: string | null;
  settings: SettingsPatch | null;
  words: Omit<DescribeGuestInput, 'guest' | 'version'> | null;
}

const some = <Part extends object>(part: Part): Part | null => (Object.keys(part).length > 0 ? part : null);

/** What of a guest a row would change. `fields` are those of the project that it will be in. Pure. */
export function changeOf(row: ImportRow, record: GuestRecord, fields: readonly FieldDefinition[]): RowChange {
  const { limits, isolation, init, stopTimeoutMs } = row;
  // An empty command is the image's own, which the guest has or was given another instead of.
  const command = row.command && row.command.length > 0 ? row.command : undefined;
  const now = settingsOf(record);
  const settings = patchTo(now, patched(now, { limits, isolation, init, command, stopTimeoutMs }));
  return {
    name: row.name === record.name ? null : row.name,
    project: row.project === undefined || row.project === record.project ? null : row.project,
    settings: some(settings),
    words: some(wordsOf(row, record, fields)),
  };
}

/** Ends of lines as they are kept when somebody writes them. */
const withPlainEnds = (text: string) => text.replaceAll('\r\n', '\n');

function wordsOf(
  row: ImportRow,
  record: GuestRecord,
  fields: readonly FieldDefinition[],
): NonNullable<RowChange['words']> {
  const { tags, notes, owner, contact, links, expires, atExpiry } = row;
  const addTags = tags?.filter((tag) => !record.tags.includes(tag)) ?? [];
  const removeTags = tags ? record.tags.filter((tag) => !tags.includes(tag)) : [];
  const addLinks = links?.filter((link) => !record.links.some((one) => isDeepStrictEqual(one, link))) ?? [];
  const gone = links ? record.links.filter(({ url }) => !links.some((one) => one.url === url)) : [];
  const setFields = fieldsOf(row.fields ?? {}, record, fields);
  const isNew = notes !== undefined && withPlainEnds(notes) !== withPlainEnds(record.notes);
  return {
    ...(addTags.length > 0 && { addTags: [...new Set(addTags)] }),
    ...(removeTags.length > 0 && { removeTags }),
    ...(isNew && { notes }),
    ...(owner !== undefined && owner !== record.owner && { owner }),
    ...(contact !== undefined && contact !== record.contact && { contact }),
    ...(addLinks.length > 0 && { addLinks }),
    ...(gone.length > 0 && { removeLinks: gone.map(({ url }) => url) }),
    ...(expires !== undefined && expires !== record.expires && { expires }),
    ...(atExpiry !== undefined && atExpiry !== record.atExpiry && { atExpiry }),
    ...(Object.keys(setFields).length > 0 && { setFields }),
  };
}

/** Fields whose value is another one: `"5"` of a CSV is the number 5. What is left of another project's fields may stay. */
function fieldsOf(
  asked: NonNullable<ImportRow['fields']>,
  record: GuestRecord,
  fields: readonly FieldDefinition[],
): Record<string, FieldValue | null> {
  const changed = Object.entries(asked).filter(([name, value]) => {
    const now = record.fields[name];
    if (value === null) return now !== undefined;
    if (now !== undefined && String(now) === String(value)) return false;
    const field = fields.find((one) => one.name === name);
    const read = field ? readFieldValue(field, value) : null;
    return !(read && 'value' in read && read.value === now);
  });
  return Object.fromEntries(changed);
}

/** The same change setting by setting, for people. Pure. */
export function tellChange(row: ImportRow, record: GuestRecord, change: RowChange): ImportChange[] {
  const { name, project, settings, words } = change;
  const told: ImportChange[] = [
    ...(name === null ? [] : [{ path: 'name', from: record.name, to: name }]),
    ...(project === null ? [] : [{ path: 'project', from: record.project, to: project }]),
  ];
  if (words) {
    const { setFields = {}, addTags, removeTags, addLinks, removeLinks, ...plain } = words;
    if (addTags || removeTags) {
      const to = [...new Set(row.tags)].sort();
      told.push({ path: 'tags', from: record.tags, to });
    }
    if (addLinks || removeLinks) told.push({ path: 'links', from: record.links, to: row.links ?? [] });
    for (const key of Object.keys(plain) as (keyof typeof plain)[])
      told.push({ path: key, from: record[key], to: plain[key] ?? null });
    for (const [field, to] of Object.entries(setFields))
      told.push({ path: `fields.${field}`, from: record.fields[field] ?? null, to });
  }
  return settings ? [...told, ...leaves('', settingsOf(record), settings)] : told;
}

/** What a new guest is asked to be, setting by setting. Pure. */
export function tellNew(row: ImportRow): ImportChange[] {
  const { line: _line, id: _id, name: _name, ...asked } = row;
  return leaves('', {}, asked).filter(({ to }) => !isNothing(to));
}

const isNothing = (value: unknown) =>
  value === null || value === '' || value === undefined || (Array.isArray(value) && value.length === 0);

/** Maps are gone into; a list is one value. */
function leaves(at: string, before: unknown, after: unknown): ImportChange[] {
  if (!isRecord(after) || 'mode' in after) {
    return isDeepStrictEqual(before, after) ? [] : [{ path: at, from: before ?? null, to: after }];
  }
  const old = isRecord(before) ? before : {};
  const names =
    at === '' || !isWhole(at)
      ? Object.keys(after)
      : [...new Set([...Object.keys(old), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [from, to] = [valueIn(old, name), valueIn(after, name)];
    const path = at === '' ? name : `${at}.${name}`;
    if (to === undefined) return from === undefined ? [] : [{ path, from, to: null }];
    return leaves(path, from, to);
  });
}

/** Below a part (`isolation.sysctls`) what is left out is gone; in a group what is left out stays. */
const isWhole = (path: string) => path.includes('.');
const valueIn = (map: Record<string, unknown>, name: string) =>
  Object.hasOwn(map, name) ? map[name] : undefined;

/** What brings a guest back from a change to what it is now, as a row of a file. Pure. */
export function backTo(row: ImportRow, record: GuestRecord, change: RowChange): ImportRow {
  const { project, settings, words } = change;
  const now = settingsOf(record);
  const way = settings ? patchTo(patched(now, settings), now) : null;
  const { setFields, addTags, removeTags, addLinks, removeLinks, ...plain } = words ?? {};
  const told = Object.keys(plain) as (keyof typeof plain)[];
  return {
    line: row.line,
    id: record.id,
    name: record.name,
    ...(project !== null && { project: record.project }),
    ...way,
    ...Object.fromEntries(told.map((key) => [key, record[key]])),
    ...((addTags || removeTags) && { tags: record.tags }),
    ...((addLinks || removeLinks) && { links: record.links }),
    ...(setFields && {
      fields: Object.fromEntries(Object.keys(setFields).map((name) => [name, record.fields[name] ?? null])),
    }),
  };
}
