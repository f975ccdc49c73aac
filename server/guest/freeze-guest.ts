import type { Actor } from '../platform.ts';
import { actionOf, type GuestAction, guestFor, runOnGuest } from './action.ts';
import { settle } from './bring-down.ts';
import type { GuestServices } from './services.ts';
import { publishGuest } from './view.ts';

/** Suspend every process of a running guest where it is; memory stays in use. */
export async function freezeGuest(
  services: GuestServices,
  actor: Actor,
  input: { guest: string; wait?: boolean },
): Promise<GuestAction> {
  const record = guestFor(services, 'freeze', input.guest);
  const operation = await runOnGuest(services, 'guest.freeze', {
    record,
    actor,
    input: { id: record.id },
    wait: input.wait ?? false,
  });
  return actionOf(services, record.id, operation);
}

export function defineFreeze(services: GuestServices): void {
  const { guests, runtime } = services;
  services.operations.define<{ id: string }>({
    kind: 'guest.freeze',
    onInterrupt: 'undo',
    steps: ({ id }) => [
      {
        name: 'freeze',
        run: async () => {
          publishGuest(services, id);
          await runtime.freezeGuest(id);
          await guests.update(id, { state: 'frozen', wanted: 'frozen' });
        },
        undo: async () => {
          const record = guests.find(id);
          if (record?.state !== 'running' && record?.state !== 'frozen') return;
          // A guest that has ended meanwhile has nothing to go on with: its end is written down by who hears of it.
          if (!(await runtime.listRunning()).some((one) => one.id === id)) return;
          await runtime.unfreezeGuest(id);
          await guests.update(id, { state: 'running', wanted: 'running' });
        },
      },
    ],
    settled: async ({ id }) => settle(services, id),
  });
}
