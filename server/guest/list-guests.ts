import { readMissingUsage } from './read-missing-usage.ts';
import type { GuestView } from './schema.ts';
import type { GuestServices } from './services.ts';
import { viewOf } from './view.ts';

/** All guests, by name. */
export async function listGuests(services: GuestServices): Promise<GuestView[]> {
  const records = services.guests.all().sort((a, b) => (a.name < b.name ? -1 : 1));
  await readMissingUsage(services, records);
  return records.map((record) => viewOf(services, record));
}
