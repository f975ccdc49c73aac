import type { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import type { signalProcessInput } from './effects-schema.ts';
import type { GuestServices } from './services.ts';

/**
 * Send a signal to one process of a running guest, named by its pid on the host. Throws `illegal_state` when the guest does
 * not run, `not_found` on field `pid` when the process is not the guest's.
 */
export async function signalProcess(
  services: GuestServices,
  actor: Actor,
  input: z.infer<typeof signalProcessInput>,
): Promise<Record<string, never>> {
  const { guests, runtime, log } = services;
  const record = guests.get(input.guest);
  if (!record.run) {
    throw new AppError('illegal_state', `guest ${record.name} is ${record.state}: it has no processes`, {
      field: ['guest'],
    });
  }
  const { pid, signal } = input;
  log.info('a process of a guest is sent a signal', { guest: record.name, pid, signal, actor: actor.kind });
  await runtime.signalProcess(record.id, pid, signal);
  return {};
}
