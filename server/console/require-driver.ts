import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import type { ConsoleServices } from './services.ts';

/** Throws `forbidden` unless the actor may type in the terminals of a guest: who may only watch changes nothing of them. */
export async function requireDriver(
  { guests }: Pick<ConsoleServices, 'guests'>,
  actor: Actor,
  guestId: string,
): Promise<void> {
  await guests.requireEntry(actor, guestId);
  if (await guests.mayDrive(actor, guestId)) return;
  const { name } = await guests.find(guestId);
  throw new AppError('forbidden', `you may watch the terminals of ${name}, and no more`, {
    field: ['guest'],
  });
}
