import type { GuestView } from '../../../server/guest/schema.ts';

/** Names of the guests that have a volume in their settings, as the list of guests has it this moment. Pure. */
export function volumeUsers(
  volume: string,
  guests: readonly Pick<GuestView, 'name' | 'isolation'>[],
): string[] {
  return guests
    .filter(({ isolation }) => isolation.mounts.some(({ source }) => source === `volume:${volume}`))
    .map(({ name }) => name)
    .sort();
}
