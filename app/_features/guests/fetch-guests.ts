import type { GuestView } from '../../../server/guest/schema.ts';
import { MOST_ROWS } from '../../../server/guest/search-schema.ts';
import type { useTRPCClient } from '../../_trpc/index.ts';
import type { GuestSearch } from './use-guest-search.ts';

type Api = Pick<ReturnType<typeof useTRPCClient>, 'guest'>;

/** All guests that a search finds, each once, part by part: for whoever asks for all of them. */
export async function fetchGuests(api: Api, search: GuestSearch): Promise<GuestView[]> {
  const guests = new Map<string, GuestView>();
  for (let offset = 0; ; offset += MOST_ROWS) {
    const page = await api.guest.search.query({ ...search, offset, limit: MOST_ROWS });
    for (const guest of page.rows) guests.set(guest.id, guest);
    if (offset + page.rows.length >= page.entries || page.rows.length === 0) return [...guests.values()];
  }
}
