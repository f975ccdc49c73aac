import { readMissingUsage } from './read-missing-usage.ts';
import type { GuestView } from './schema.ts';
import type { GuestServices } from './services.ts';
import { viewOf } from './view.ts';

/** The guests that are in reach (server/access/may.ts), by name. */
export async function listGuests(
  services: GuestServices,
  reach: 'everything' | ReadonlySet<string> = 'everything',
): Promise<GuestView[]> {
  const records = services.guests
    .everywhere()
    .filter(({ id }) => reach === 'everything' || reach.has(id))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  await readMissingUsage(services, records);
  return records.map((record) => viewOf(services, record));
}
