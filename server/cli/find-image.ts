import { AppError } from '../errors/app-error.ts';
import { nearest } from '../errors/nearest.ts';
import type { Api } from './api.ts';

/** Add the nearest image to an error about one that is not known; every other error is left as it is. */
export async function withNearestImage(api: Api, name: string, error: unknown): Promise<unknown> {
  if (!(error instanceof AppError) || !['not_found', 'bad_input'].includes(error.code)) return error;
  if (error.message.includes('did you mean')) return error;
  const images = await api.query('image', 'list').catch(() => []);
  if (images.some((image) => image.name === name)) return error;
  const near = nearest(
    name,
    images.map((image) => image.name),
  );
  if (near === null) return error;
  return new AppError(error.code, `${error.message}: did you mean ${near}?`, {
    field: error.field ?? undefined,
  });
}
