import type { ConsoleServices } from './services.ts';

/** Know the shells of a server before this one again, and follow those that live; once, after the guests are reconciled. */
export async function adoptSessions({ sessions, desk }: ConsoleServices): Promise<void> {
  await sessions.adopt();
  await desk.adopt(sessions.living);
}
