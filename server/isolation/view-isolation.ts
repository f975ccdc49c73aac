import { ownRange } from '../guest/own-range.ts';
import { isolationInForce } from '../guest/pending-restart.ts';
import { hasHostsRoot } from '../guest/privileges.ts';
import type { GuestServices } from '../guest/services.ts';
import { differences } from './differences.ts';
import { readLive } from './read-live.ts';
import type { IsolationView } from './schema.ts';

/**
 * How a guest is separated from the host and from other guests: its settings, what differs from the default, and, while it
 * runs, what the kernel says. Differences are of what it runs with, which settings changed since do not touch. Throws
 * `not_found`.
 */
export async function viewIsolation(services: GuestServices, ref: string): Promise<IsolationView> {
  const record = services.guests.get(ref);
  const { id, name, kind, isolation } = record;
  const inForce = record.run ? isolationInForce(record) : isolation;
  const live = await readLive(services, record, inForce);
  return {
    guest: { id, name, kind, privileged: hasHostsRoot(inForce, ownRange(services, record)) },
    settings: isolation,
    differences: differences(inForce, kind, live),
    live,
  };
}
