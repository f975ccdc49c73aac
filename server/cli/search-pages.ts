import type { GuestView } from '../guest/schema.ts';
import type { SearchGuestsInput } from '../guest/search-schema.ts';
import type { Api } from './api.ts';

/** Rows of one answer: the most that the server gives. */
const PART = 500;

/** All guests that a search finds, part by part. */
export async function searchAll(
  api: Api,
  search: Pick<SearchGuestsInput, 'q' | 'sort'>,
): Promise<GuestView[]> {
  const guests = new Map<string, GuestView>();
  for (let offset = 0; ; offset += PART) {
    const page = await api.query('guest', 'search', { ...search, offset, limit: PART });
    for (const guest of page.rows) guests.set(guest.id, guest);
    if (offset + page.rows.length >= page.entries || page.rows.length === 0) return [...guests.values()];
  }
}
