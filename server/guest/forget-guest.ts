import { failpoint } from '../failpoint/failpoint.ts';
import type { GuestServices } from './services.ts';

/** Take a guest, also one in the trash, that has no files and does not run out of DNS and out of the inventory; idempotent. */
export async function forgetGuest(services: GuestServices, id: string): Promise<void> {
  const { guests, images, network, events } = services;
  const record = guests.findAny(id);
  if (record && record.lease !== null && record.mac !== null) {
    await failpoint('guest.forget.network', 'before');
    await network.onGuestRemoved({ id, name: record.name, lease: record.lease, mac: record.mac });
    await failpoint('guest.forget.network', 'after');
  }
  const removed = await guests.remove(id);
  if (!removed) return;
  if (removed.trash) events.publish({ type: 'trash.changed' });
  else events.publish({ type: 'guest.removed', id, name: removed.name });
  await images.onGuestRemoved({ image: removed.image, build: removed.imageBuild });
}
