import type { ConsoleServices } from './services.ts';

/** How often idle shells are looked for, ms: limits are whole minutes. */
const LOOK_MS = 15_000;

/** End the shells that have a limit and have been idle for it: nobody looked, nothing was typed or printed. */
export async function endIdleSessions(
  { sessions, desk, platform }: ConsoleServices,
  now = performance.now(),
): Promise<string[]> {
  const ended: string[] = [];
  for (const { id, idleMinutes, exit } of await sessions.list()) {
    if (idleMinutes === null || exit !== null || desk.idleFor(id, now) < idleMinutes * 60_000) continue;
    platform.log.info('a shell was idle for its limit: it is ended', { session: id, minutes: idleMinutes });
    await platform.runtime.closeSession(id);
    ended.push(id);
  }
  return ended;
}

/** Do so from now on; returns how to stop. */
export function watchIdleSessions(services: ConsoleServices): () => void {
  const timer = setInterval(() => {
    endIdleSessions(services).catch((error: unknown) =>
      services.platform.log.error('idle shells cannot be looked for', { error }),
    );
  }, LOOK_MS).unref();
  return () => clearInterval(timer);
}
