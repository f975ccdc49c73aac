import type { Actor } from '../platform.ts';
import { runOnGuest } from './action.ts';
import type { GuestRecord } from './record.ts';
import { nextStart } from './restart-policy.ts';
import type { GuestServices } from './services.ts';

/** Longest time of a timer (Node, setTimeout): after it there is another one. */
const LONGEST_MS = 2 ** 31 - 1;
const POLICY: Actor = { kind: 'policy' };

/** How a guest that has ended is written down: failed or stopped, or scheduled if its restart policy says so. Pure. */
export function afterEnd(
  { init, restart }: Pick<GuestRecord, 'init' | 'restart'>,
  end: { state: 'stopped' | 'failed'; problem: string | null; ranMs: number; now: number },
): Pick<GuestRecord, 'state' | 'wanted' | 'problem' | 'restart'> {
  const { state, problem, ranMs, now } = end;
  const next = nextStart(init.restart, { failed: state === 'failed', ranMs, count: restart.count });
  if (!('inMs' in next)) {
    const gaveUp = next.gaveUp
      ? `; it was started again ${restart.count} times, as often as its restart policy allows`
      : '';
    const why = next.gaveUp ? `${problem ?? 'it ended'}${gaveUp}` : problem;
    return { state, wanted: 'stopped', problem: why, restart: { count: restart.count, at: null } };
  }
  const at = new Date(now + next.inMs).toISOString();
  return { state: 'scheduled', wanted: 'running', problem, restart: { count: next.count, at } };
}

/** Start a guest when its restart policy has it due; idempotent, and also after a crash of the server. */
export function planStart(services: GuestServices, id: string): void {
  const { guests, log } = services;
  cancelStart(services, id);
  const record = guests.find(id);
  if (record?.state !== 'scheduled' || record.restart.at === null) return;
  const wait = Math.max(0, Date.parse(record.restart.at) - Date.now());
  const timer = setTimeout(
    () => {
      if (wait > LONGEST_MS) planStart(services, id);
      else
        startScheduled(services, id).catch((error: unknown) => {
          log.error('a guest cannot be started again', { guest: record.name, error });
        });
    },
    Math.min(wait, LONGEST_MS),
  );
  // It is written down: a server that stops leaves it to the next one.
  timer.unref();
  guests.starts.set(id, timer);
}

/** It does not start by itself any more. */
export function cancelStart({ guests }: Pick<GuestServices, 'guests'>, id: string): void {
  clearTimeout(guests.starts.get(id));
  guests.starts.delete(id);
}

/** What is due unless somebody was quicker; resolves when the start has ended, well or badly. */
export async function startScheduled(services: GuestServices, id: string): Promise<void> {
  const { database, guests, operations } = services;
  await database.back();
  for (let current = operations.current(id); current; current = operations.current(id)) {
    await operations.wait(current.id, undefined, new AbortController().signal);
  }
  const record = guests.find(id);
  if (record?.state !== 'scheduled') return;
  await runOnGuest(services, 'guest.start', { record, actor: POLICY, input: { id }, wait: true });
}
