import { z } from 'zod';
import { PERMISSION_NAMES } from '../access/schema.ts';
import type { GuestView } from './schema.ts';
import type { GuestState } from './state.ts';

/** Rows that one answer has at most. */
export const MOST_ROWS = 500;

/** By which guests can be sorted; `-` before one turns it round, commas between several. */
export const SORT_KEYS = [
  ...['name', 'project', 'host', 'state', 'kind', 'image', 'owner', 'by', 'ipv4', 'ipv6'],
  ...['cpu', 'memory', 'pids', 'uptime', 'created', 'tags', 'contact', 'expires'],
] as const;

/** `field:cost-centre`: a field of a project, as an order, a grouping or a column. Null for all else. Pure. */
export const fieldIn = (key: string): string | null =>
  /^field:([a-z][a-z0-9_-]{0,31})$/.exec(key)?.[1] ?? null;

/** By which guests are put together; `field:NAME` is by that field; `tag:env` is by the value of `env=…`. */
export const GROUP_KEYS = [
  ...['project', 'host', 'state', 'kind', 'image', 'owner', 'by', 'tag', 'contact'],
] as const;

const SEARCH_TEXT = z.string().max(500, 'a search has at most 500 characters');

/** A view of the guests: what the address of the page has. What cannot be read in it counts as not there. */
export const guestViewQuery = z.object({
  /** server/guest/query-schema.ts has the grammar. */
  q: SEARCH_TEXT.default(''),
  sort: z.string().max(200, 'an order has at most 200 characters').default(''),
  group: z.string().max(80, 'a grouping has at most 80 characters').default(''),
});

export const searchGuestsInput = guestViewQuery.extend({
  /** Rows before the first of the answer. */
  offset: z.number().int().min(0).max(10_000_000).default(0),
  limit: z.number().int().min(0).max(MOST_ROWS, `an answer has at most ${MOST_ROWS} rows`).default(100),
  /** Only guests of this host, of several that share the inventory. */
  here: z.boolean().default(false),
  /** Only guests for which who asks has this permission too. */
  may: z
    .enum(PERMISSION_NAMES, { error: 'a permission is one of those that berth role ls --json names' })
    .optional(),
});
export type SearchGuestsInput = z.infer<typeof searchGuestsInput>;

/** A part of the guests that a search finds. */
export interface GuestPage {
  rows: GuestView[];
  offset: number;
  /** Rows of the whole view: more than guests where one is in several groups. */
  entries: number;
  /** Guests that the search finds. */
  matched: number;
  /** Guests that there are. */
  total: number;
  /** How many are in each state, of all. */
  states: Partial<Record<GuestState, number>>;
  /** The groups in order, with their rows; empty without grouping. An empty key: those that have none. */
  groups: { key: string; count: number }[];
}

/** Keys of a search whose values are completed. */
export const VALUE_KEYS = [
  ...['name', 'project', 'host', 'state', 'kind', 'image', 'tag', 'owner', 'by', 'contact'],
  /** `name=value`. */
  'field',
] as const;

export const guestValuesInput = z.object({
  key: z.enum(VALUE_KEYS, {
    error:
      'only names, projects, hosts, states, kinds, images, tags, owners, makers, contacts and fields are completed',
  }),
  /** What a value has somewhere. */
  text: z.string().max(100, 'a value to complete has at most 100 characters').default(''),
  limit: z.number().int().min(1).max(50).default(10),
});
export type GuestValuesInput = z.infer<typeof guestValuesInput>;

/** A value that guests have, and how many. */
export interface GuestValue {
  value: string;
  count: number;
}
