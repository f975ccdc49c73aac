import { AppError } from '../errors/app-error.ts';
import { nearest } from '../errors/nearest.ts';
import type { GuestView } from '../guest/schema.ts';
import type { Api } from './api.ts';

/** Add the nearest name to a `not_found` that names a guest; every other error is left as it is. */
export async function withNearestGuest(api: Api, name: string, error: unknown): Promise<unknown> {
  if (!(error instanceof AppError) || error.code !== 'not_found' || error.message.includes('did you mean'))
    return error;
  const guests = await api.query('guest', 'list').catch(() => []);
  if (guests.some((guest) => guest.name === name || guest.id === name)) return error;
  const near = nearest(
    name,
    guests.map((guest) => guest.name),
  );
  return near === null
    ? error
    : new AppError(error.code, `${error.message}: did you mean ${near}?`, {
        field: error.field ?? undefined,
      });
}

/** One guest by name or id. Throws `not_found` with the nearest name. */
export async function findGuest(api: Api, name: string): Promise<GuestView> {
  return api.query('guest', 'get', { guest: name }).catch(async (error) => {
    throw await withNearestGuest(api, name, error);
  });
}
