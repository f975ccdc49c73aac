import { inOrder } from './in-order.ts';
import type { QueryFacts } from './query-facts.ts';
import { fieldIn, GROUP_KEYS, SORT_KEYS } from './search-schema.ts';

type Value = string | number | null;
type SortKey = (typeof SORT_KEYS)[number];

const VALUES: Record<string, (facts: QueryFacts) => Value> = {
  name: (facts) => facts.order,
  project: (facts) => facts.project,
  host: (facts) => inOrder(facts.host),
  state: (facts) => facts.state,
  kind: (facts) => facts.kind,
  image: (facts) => inOrder(facts.image),
  owner: (facts) => facts.owner,
  by: (facts) => facts.by,
  ipv4: (facts) => facts.ipv4 && inOrder(facts.ipv4),
  ipv6: (facts) => facts.ipv6 && facts.record.lease,
  cpu: (facts) => facts.cpu,
  memory: (facts) => facts.memory,
  pids: (facts) => facts.pids,
  uptime: ({ record }) => (record.run && runs(record.state) ? -Date.parse(record.run.startedAt) : null),
  created: ({ record }) => -Date.parse(record.createdAt),
  tags: (facts) => facts.tags.join(' ') || null,
  contact: (facts) => facts.contact || null,
  expires: (facts) => facts.expires,
} satisfies Record<SortKey, (facts: QueryFacts) => Value>;

function runs(state: string): boolean {
  return state === 'running' || state === 'frozen';
}

/** Whether guests can be sorted by it. Pure. */
export const isSortKey = (key: string): boolean =>
  fieldIn(key) !== null || SORT_KEYS.some((known) => known === key);

function sortValue(facts: QueryFacts, key: string): Value {
  const field = fieldIn(key);
  if (field === null) return VALUES[key]?.(facts) ?? null;
  const value = facts.fields[field] ?? null;
  return typeof value === 'string' ? inOrder(value.toLowerCase()) : value;
}

/** `-memory,name`: the keys that there are. Pure. */
export function readOrder(text: string): { key: string; descending: boolean }[] {
  return text.split(',').flatMap((word) => {
    const descending = word.startsWith('-');
    const key = descending ? word.slice(1) : word;
    return isSortKey(key) ? [{ key, descending }] : [];
  });
}

/** A new array in order; what has no value comes last either way, equal ones by name. Pure. */
export function sortFacts(all: readonly QueryFacts[], order: string): QueryFacts[] {
  const keys = readOrder(order);
  const rows = all.map((facts) => ({
    facts,
    values: keys.map(({ key }) => sortValue(facts, key)),
  }));
  rows.sort((a, b) => {
    for (const [index, { descending }] of keys.entries()) {
      const by = compare(a.values[index] ?? null, b.values[index] ?? null, descending);
      if (by !== 0) return by;
    }
    return compare(a.facts.order, b.facts.order, false);
  });
  return rows.map(({ facts }) => facts);
}

function compare(a: Value, b: Value, descending: boolean): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  // Of two projects one may have a field as a number and the other as a text: numbers come first.
  if (typeof a !== typeof b) return (typeof a === 'number') === descending ? 1 : -1;
  return a < b === descending ? 1 : -1;
}

/** The groups that a guest is in, by a grouping; an empty key: in none of them. Null: no such grouping. Pure. */
export function groupsBy(grouping: string): ((facts: QueryFacts) => readonly string[]) | null {
  if (grouping.startsWith('tag:') && grouping.length > 4) {
    const start = `${grouping.slice(4)}=`;
    return ({ tags }) => {
      const values = tags.filter((tag) => tag.startsWith(start)).map((tag) => tag.slice(start.length));
      return values.length > 0 ? values : [''];
    };
  }
  const field = fieldIn(grouping);
  if (field !== null) return ({ fields }) => [String(fields[field] ?? '')];
  const key = GROUP_KEYS.find((known) => known === grouping);
  if (!key) return null;
  if (key === 'tag') return ({ tags }) => (tags.length > 0 ? tags : ['']);
  if (key === 'image' || key === 'contact') return ({ record }) => [record[key]];
  return (facts) => [facts[key] ?? ''];
}

/** The rows put together by group, in the order that they are in; groups by name, those without one last. Pure. */
export function groupFacts(
  rows: readonly QueryFacts[],
  groups: (facts: QueryFacts) => readonly string[],
): { rows: QueryFacts[]; groups: { key: string; count: number }[] } {
  const byKey = new Map<string, QueryFacts[]>();
  for (const row of rows) {
    for (const key of groups(row)) {
      const members = byKey.get(key);
      if (members) members.push(row);
      else byKey.set(key, [row]);
    }
  }
  const ordered = [...byKey]
    .map(([key, members]) => ({ key, members, order: key === '' ? null : inOrder(key) }))
    .sort((a, b) => compare(a.order, b.order, false));
  return {
    rows: ordered.flatMap(({ members }) => members),
    groups: ordered.map(({ key, members }) => ({ key, count: members.length })),
  };
}
