import type { ExitRecord } from '../runtime/port.ts';
import { exitOf } from './exit-of.ts';
import { judgeExit } from './judge-exit.ts';
import { afterEnd, planStart } from './schedule-start.ts';
import type { GuestServices } from './services.ts';
import { startGuest } from './start-guest.ts';
import { publishGuest } from './view.ts';

/**
 * Write down that a guest has ended without being asked to, and clean up after it. A reboot starts it again. While the database is away
 * everybody sees it at once, and it is written down, and started again, as soon as it is back.
 */
export async function recordExit(services: GuestServices, exit: ExitRecord): Promise<void> {
  const { database, guests, runtime, log } = services;
  const record = guests.get(exit.id);
  const { state, problem, reboot } = judgeExit(record, exit);
  log.info('a guest has ended', { guest: record.name, status: exit.status, signal: exit.signal, problem });
  await runtime.cleanGuest(record.id);
  guests.forgetRun(record.id);
  if (database.awaySince() !== null) {
    guests.unwritten.set(record.id, { state, problem, exit: exitOf(exit), run: null });
    publishGuest(services, record.id);
    await database.back();
  }
  // A reboot is no end: it starts at once, and as often as it likes.
  // Less than nothing where the clock was set back meanwhile.
  const ranMs = record.run ? Math.max(0, Date.parse(exit.at) - Date.parse(record.run.startedAt)) : 0;
  const after = reboot
    ? ({ state, problem, wanted: 'stopped' } as const)
    : afterEnd(record, { state, problem, ranMs, now: Date.now() });
  await guests.update(record.id, { ...after, run: null, exit: exitOf(exit) });
  guests.unwritten.delete(record.id);
  planStart(services, record.id);
  publishGuest(services, record.id);
  if (reboot) await startGuest(services, { kind: 'root' }, { guest: record.id });
}
