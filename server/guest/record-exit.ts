import type { ExitRecord } from '../runtime/port.ts';
import { exitOf } from './exit-of.ts';
import { judgeExit } from './judge-exit.ts';
import type { GuestServices } from './services.ts';
import { startGuest } from './start-guest.ts';
import { publishGuest } from './view.ts';

/** Write down that a guest has ended without being asked to, and clean up after it. A reboot starts it again. */
export async function recordExit(services: GuestServices, exit: ExitRecord): Promise<void> {
  const { guests, runtime, log } = services;
  const record = guests.get(exit.id);
  const { state, problem, reboot } = judgeExit(record, exit);
  log.info('a guest has ended', { guest: record.name, status: exit.status, signal: exit.signal, problem });
  await runtime.cleanGuest(record.id);
  guests.forgetRun(record.id);
  await guests.update(record.id, { state, problem, wanted: 'stopped', run: null, exit: exitOf(exit) });
  publishGuest(services, record.id);
  if (reboot) await startGuest(services, { kind: 'root' }, { guest: record.id });
}
