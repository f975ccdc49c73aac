import type { ConsoleServices } from './services.ts';

/** Give a shell a name that people know it by, or take it away. Throws `not_found`. */
export async function renameSession(
  { sessions }: ConsoleServices,
  input: { session: string; name: string | null },
): Promise<{ session: string; name: string | null }> {
  await sessions.rename(input.session, input.name);
  return input;
}
