import type { Actor } from '../platform.ts';
import { actionOf, type GuestAction, guestFor, runOnGuest } from './action.ts';
import { settle } from './bring-down.ts';
import { assertNameFree } from './guest-name.ts';
import { hasOwnNetwork } from './resolve-namespaces.ts';
import type { GuestIsolation } from './schema.ts';
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
  await renameLender(services, record.name, name);
  const { lease, mac, state } = record;
  if (lease === null || mac === null || (state !== 'running' && state !== 'frozen')) return;
  if (!hasOwnNetwork(record)) return;
  await services.network.onGuestStarted({ id, name, lease, mac });
}

/** Guests that share namespaces with it know it by name, also where they go back to that by themselves. */
async function renameLender({ guests }: GuestServices, from: string, to: string): Promise<void> {
  for (const { id, isolation, started, revert } of guests.everyone()) {
    const renamed = withLender(isolation, from, to);
    const back = revert?.back.isolation && withLender(revert.back.isolation, from, to);
    if (renamed === isolation && back === revert?.back.isolation) continue;
    await guests.update(id, {
      isolation: renamed,
      started: started && { ...started, isolation: withLender(started.isolation, from, to) },
      revert: revert && { ...revert, back: { ...revert.back, isolation: back } },
    });
  }
}

function withLender<Part extends Partial<GuestIsolation>>(isolation: Part, from: string, to: string): Part {
  const owners = Object.entries(isolation.namespaces ?? {});
  if (!owners.some(([, owner]) => owner === `guest:${from}`)) return isolation;
  const namespaces = owners.map(([type, owner]) => [type, owner === `guest:${from}` ? `guest:${to}` : owner]);
  return { ...isolation, namespaces: Object.fromEntries(namespaces) };
}
