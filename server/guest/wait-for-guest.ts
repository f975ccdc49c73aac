import type { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import type { waitGuestInput } from './effects-schema.ts';
import type { GuestView } from './schema.ts';
import type { GuestServices } from './services.ts';
import { viewOf } from './view.ts';

type WaitInput = z.infer<typeof waitGuestInput>;

/** In which of the states it is, and how it is; no guest any more when it was deleted. */
export interface WaitResult {
  state: WaitInput['states'][number];
  guest: GuestView | null;
}

/**
 * When a guest is in one of the states; at once when it is already. Throws `timed_out` after `timeoutMs`, `not_found` when
 * it is deleted and nobody waited for that, and `cancelled` when the one who waits goes away.
 */
export async function waitForGuest(
  services: GuestServices,
  input: WaitInput,
  signal: AbortSignal,
): Promise<WaitResult> {
  const { guests, events } = services;
  const first = guests.get(input.guest);
  const { id, name } = first;
  let timer: NodeJS.Timeout | undefined;
  let listen: () => void = () => undefined;
  let gone: () => void = () => undefined;
  try {
    return await new Promise<WaitResult>((resolve, reject) => {
      const look = (guest: GuestView) => {
        const state = input.states.find((one) => one === guest.state);
        if (state) resolve({ state, guest });
      };
      listen = events.on((event) => {
        if (event.type === 'guest.changed' && event.guest.id === id) look(event.guest);
        if (event.type !== 'guest.removed' || event.id !== id) return;
        if (input.states.includes('deleted')) resolve({ state: 'deleted', guest: null });
        else reject(new AppError('not_found', `guest ${name} was deleted`, { field: ['guest'] }));
      });
      gone = () => reject(new AppError('cancelled', `nobody waits for guest ${name} any more`));
      signal.addEventListener('abort', gone, { once: true });
      if (signal.aborted) gone();
      look(viewOf(services, first));
      if (input.timeoutMs === undefined) return;
      timer = setTimeout(() => {
        const now = guests.find(id);
        const state = now ? viewOf(services, now).state : 'deleted';
        const wanted = input.states.join(' or ');
        reject(
          new AppError('timed_out', `guest ${name} is ${state}, not ${wanted}, after ${input.timeoutMs} ms`),
        );
      }, input.timeoutMs);
    });
  } finally {
    clearTimeout(timer);
    listen();
    signal.removeEventListener('abort', gone);
  }
}
