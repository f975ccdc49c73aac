import type { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { configureGuest } from './configure-guest.ts';
import type { decideMemoryInput } from './effects-schema.ts';
import { bytes } from './limits.ts';
import type { GuestView } from './schema.ts';
import type { GuestServices } from './services.ts';
import { stopGuest } from './stop-guest.ts';
import { viewOf } from './view.ts';

/**
 * Decide what becomes of a guest that stands still because memory ran out: it gets more and goes on, one process ends as if
 * the kernel had chosen it, or the guest stops. Throws `illegal_state` when it does not wait, `bad_input` on `memory`.
 */
export async function decideMemory(
  services: GuestServices,
  actor: Actor,
  input: z.infer<typeof decideMemoryInput>,
): Promise<GuestView> {
  const { guests, runtime } = services;
  const { id, name, limits } = guests.get(input.guest);
  if (!guests.waitingForMemory.has(id)) {
    throw new AppError(
      'illegal_state',
      `guest ${name} does not wait for memory: there is nothing to decide`,
      {
        field: ['guest'],
      },
    );
  }
  if (input.decision === 'raise') {
    const memory = moreThan(limits.memory, input.memory);
    // Without it the old brake would stop it again at once.
    const memoryHigh = limits.memoryHigh === null ? undefined : { memoryHigh: null };
    await configureGuest(services, actor, { guest: id, limits: { memory, ...memoryHigh } });
  } else if (input.decision === 'kill') {
    await runtime.decideMemory(id, 'kill');
  } else {
    await stopGuest(services, actor, { guest: id, wait: true });
  }
  return viewOf(services, guests.get(id));
}

function moreThan(present: number, wanted: number | undefined): number {
  if (wanted !== undefined && wanted > present) return wanted;
  const given = wanted === undefined ? 'no memory is given' : `memory of ${bytes(wanted)} is not more`;
  throw new AppError('bad_input', `${given}: choose more than the ${bytes(present)} that it has`, {
    field: ['memory'],
  });
}
