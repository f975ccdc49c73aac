import type { Reach } from '../access/may.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor } from '../platform.ts';
import { matchQuery } from './match-query.ts';
import { factsOf, type QueryFacts } from './query-facts.ts';
import { parseQuery } from './query-schema.ts';
import { readMissingUsage } from './read-missing-usage.ts';
import type { GuestRecord } from './record.ts';
import type { GuestPage, GuestValue, GuestValuesInput, SearchGuestsInput } from './search-schema.ts';
import type { GuestServices } from './services.ts';
import { groupFacts, groupsBy, sortFacts } from './sort-facts.ts';
import { viewOf } from './view.ts';

/**
 * A part of the guests that a search finds, of those in reach: filtered, sorted and grouped here, from memory, so that no page has
 * to have them all.
 */
export async function searchGuests(
  services: GuestServices,
  actor: Actor,
  input: SearchGuestsInput,
  reach: Reach = 'everything',
): Promise<GuestPage> {
  const all = inReach(services, reach, input.here);
  const states: GuestPage['states'] = {};
  for (const { state } of all) states[state] = (states[state] ?? 0) + 1;
  const found = all.filter(matchQuery(parseQuery(input.q), actorName(actor)));
  const sorted = sortFacts(found, input.sort);
  const grouping = groupsBy(input.group);
  const { rows, groups } = grouping ? groupFacts(sorted, grouping) : { rows: sorted, groups: [] };
  const part: GuestRecord[] = rows
    .slice(input.offset, input.offset + input.limit)
    .map(({ record }) => record);
  await readMissingUsage(services, part);
  return {
    // One may be gone since its usage was asked for.
    rows: part.map((record) => viewOf(services, services.guests.find(record.id) ?? record)),
    offset: input.offset,
    entries: rows.length,
    matched: found.length,
    total: all.length,
    states,
    groups,
  };
}

/** How many guests a search finds, of those in reach. */
export function countGuests(
  services: GuestServices,
  actor: Actor,
  q: string,
  reach: Reach = 'everything',
): number {
  const matches = matchQuery(parseQuery(q), actorName(actor));
  return inReach(services, reach).filter(matches).length;
}

/** The values that guests have of something, the most frequent first: what a search is completed with. */
export function guestValues(
  services: GuestServices,
  { key, text, limit }: GuestValuesInput,
  reach: Reach = 'everything',
): GuestValue[] {
  const part = text.toLowerCase();
  const counts = new Map<string, number>();
  for (const facts of inReach(services, reach)) {
    for (const value of valuesOf(facts, key))
      if (value?.toLowerCase().includes(part)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, limit);
}

function inReach(services: GuestServices, reach: Reach, here = false): QueryFacts[] {
  const records = here ? services.guests.all() : services.guests.everywhere();
  const seen = reach === 'everything' ? records : records.filter(({ id }) => reach.has(id));
  return seen.map((record) => factsOf(services, record));
}

function valuesOf(facts: QueryFacts, key: GuestValuesInput['key']): readonly (string | null)[] {
  if (key === 'tag') return facts.tags;
  if (key === 'field') return Object.entries(facts.fields).map(([name, value]) => `${name}=${value}`);
  if (key === 'image' || key === 'contact') return [facts.record[key] || null];
  return [facts[key]];
}
