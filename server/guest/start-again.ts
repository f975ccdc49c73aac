import type { Actor } from '../platform.ts';
import { freezeGuest } from './freeze-guest.ts';
import type { GuestRecord } from './record.ts';
import type { GuestServices } from './services.ts';
import { startGuest } from './start-guest.ts';

const ROOT: Actor = { kind: 'root' };

/** Start guests that a reboot of the host ended, oldest first, one after the other; a failure shows on the guest. */
export async function startAgain(services: GuestServices, records: readonly GuestRecord[]): Promise<void> {
  for (const { id, name, wanted } of records.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))) {
    try {
      await startGuest(services, ROOT, { guest: id, wait: true });
      if (wanted === 'frozen') await freezeGuest(services, ROOT, { guest: id, wait: true });
    } catch (error) {
      services.log.error('cannot start a guest again after a reboot', { guest: name, error });
    }
  }
}
