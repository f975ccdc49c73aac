import type { ApiClient } from '../api-client.ts';
import { timed } from '../measure.ts';

export interface SearchRow {
  name: string;
  /** ms, from the request to the parsed answer. */
  times: number[];
  /** Bytes of one answer. */
  bytes: number;
}

/** What the pages ask for: the table's first part and one far down, orders, filters, groups, and the board's first part. */
const ASKED: readonly [name: string, input: object][] = [
  ['the first 100 rows', { limit: 100 }],
  ['100 rows near the end', { offset: 9_800, limit: 100 }],
  ['by age, then name', { sort: '-created,name', limit: 100 }],
  ['filter `web-1`', { q: 'web-1', limit: 100 }],
  ['filter `tag:env=prod -state:failed shop`', { q: 'tag:env=prod -state:failed shop', limit: 100 }],
  ['in groups by `team=…`', { group: 'tag:team', limit: 100 }],
  ['the board by state', { group: 'state', limit: 50 }],
];

/** The list's procedure at the server's own socket, over HTTP, one call after the other. */
export async function benchSearch(api: ApiClient, rounds: number): Promise<SearchRow[]> {
  const rows: SearchRow[] = [];
  for (const [name, input] of ASKED) {
    const answer = await api.query('guest.search', input);
    const times: number[] = [];
    for (let round = 0; round < rounds; round++)
      times.push(await timed(() => api.query('guest.search', input)));
    rows.push({ name, times, bytes: JSON.stringify(answer).length });
  }
  return rows;
}
