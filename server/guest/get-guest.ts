import { readMissingUsage } from './read-missing-usage.ts';
import type { GuestView } from './schema.ts';
import type { GuestServices } from './services.ts';
import { viewOf } from './view.ts';

/** One guest, by name or id. Throws `not_found`. */
export async function getGuest(services: GuestServices, ref: string): Promise<GuestView> {
  const record = services.guests.get(ref);
  await readMissingUsage(services, [record]);
  return viewOf(services, record);
}
