import type { Actor } from '../platform.ts';
import { actionOf, type GuestAction, guestFor, runOnGuest } from './action.ts';
import { settle } from './bring-down.ts';
import { assertNameFree } from './guest-name.ts';
import type { GuestServices } from './services.ts';

interface RenameInput {
  id: string;
  from: string;
  to: string;
}

/**
 * Give a guest another name: at once in the console and in DNS; the host name that the guest itself sees changes
 * with its next start, because programs in it read the name only once. Throws `name_taken` on field `name`.
 */
export async function renameGuest(
  services: GuestServices,
  actor: Actor,
  input: { guest: string; name: string },
): Promise<GuestAction> {
  const record = guestFor(services, 'rename', input.guest);
  if (input.name !== record.name) assertNameFree(services, input.name);
  const operation = await runOnGuest<RenameInput>(services, 'guest.rename', {
    record,
    actor,
    input: { id: record.id, from: record.name, to: input.name },
    wait: true,
  });
  return actionOf(services, record.id, operation);
}

export function defineRename(services: GuestServices): void {
  services.operations.define<RenameInput>({
    kind: 'guest.rename',
    onInterrupt: 'finish',
    steps: ({ id, from, to }) => [
      {
        name: 'rename',
        run: () => giveName(services, id, to),
        undo: () => giveName(services, id, from),
      },
    ],
    settled: async ({ id }) => settle(services, id),
  });
}

async function giveName(services: GuestServices, id: string, name: string): Promise<void> {
  const record = services.guests.find(id);
  if (!record) return;
  await services.guests.update(id, { name });
  const { lease, mac, state } = record;
  if (lease === null || mac === null || (state !== 'running' && state !== 'frozen')) return;
  await services.network.onGuestStarted({ id, name, lease, mac });
}
