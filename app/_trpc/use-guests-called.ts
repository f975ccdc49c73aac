import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Permission } from '../../server/access/schema.ts';
import { termText } from '../../server/guest/query-schema.ts';
import { useTRPC } from './client.ts';

/** Guests to choose from: more than anyone reads, the next letter narrows it. */
const MOST = 50;
/** ms that an answer is kept once nothing shows it. */
const FORGET_AFTER = 10_000;

export interface GuestsCalled {
  /** What a name has, word by word; null: nothing is asked for. */
  text: string | null;
  /** Which guests at all: `state:running`. */
  among?: string;
  /** Only those of this host. */
  here?: boolean;
  /** Only those for which the person has this permission. */
  may?: Permission;
}

const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word.replaceAll('"', '') !== '');

/** The search for guests whose names have all these words. Pure. */
export function nameSearch(text: string, among = ''): string {
  return [among, ...wordsOf(text).map((word) => termText('name', word))].join(' ').trim().slice(0, 500);
}

/** The first guests by name that are called so, found at the server and kept true by the event stream. */
export function useGuestsCalled({ text, among, here, may }: GuestsCalled) {
  const trpc = useTRPC();
  const found = useQuery(
    trpc.guest.search.queryOptions(
      { q: nameSearch(text ?? '', among), limit: MOST, ...(here && { here }), ...(may && { may }) },
      { enabled: text !== null, placeholderData: keepPreviousData, gcTime: FORGET_AFTER },
    ),
  );
  // What was found for the letters before may be shown until the answer comes, but nothing that is called otherwise.
  const words = wordsOf((text ?? '').toLowerCase()).map((word) => word.replaceAll('"', ''));
  const guests = (found.data?.rows ?? []).filter(({ name }) => words.every((word) => name.includes(word)));
  return {
    guests,
    /** How many more there are. */
    more: found.isPlaceholderData ? 0 : Math.max(0, (found.data?.matched ?? 0) - guests.length),
    /** Nothing is still on its way. */
    isKnown: !found.isPending && !found.isPlaceholderData,
  };
}
