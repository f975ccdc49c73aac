import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { actionOf, type GuestAction, guestFor, runOnGuest } from './action.ts';
import { settle } from './bring-down.ts';
import { memoryFullProblem } from './event-message.ts';
import type { GuestServices } from './services.ts';

/** Let a frozen guest run on. */
export async function unfreezeGuest(
  services: GuestServices,
  actor: Actor,
  input: { guest: string; wait?: boolean },
): Promise<GuestAction> {
  const record = guestFor(services, 'unfreeze', input.guest);
  if (services.guests.waitingForMemory.has(record.id)) {
    throw new AppError('illegal_state', `cannot unfreeze guest ${record.name}: ${memoryFullProblem(record)}`);
  }
  const operation = await runOnGuest(services, 'guest.unfreeze', {
    record,
    actor,
    input: { id: record.id },
    wait: input.wait ?? false,
  });
  return actionOf(services, record.id, operation);
}

export function defineUnfreeze(services: GuestServices): void {
  const { guests, runtime } = services;
  services.operations.define<{ id: string }>({
    kind: 'guest.unfreeze',
    onInterrupt: 'finish',
    steps: ({ id }) => [
      {
        name: 'unfreeze',
        run: async () => {
          if (guests.get(id).state !== 'frozen') return;
          await runtime.unfreezeGuest(id);
          await guests.update(id, { state: 'running', wanted: 'running' });
        },
      },
    ],
    settled: async ({ id }) => settle(services, id),
  });
}
