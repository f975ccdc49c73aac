import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { judgeTrials } from './judge-trials.ts';
import { ownRange } from './own-range.ts';
import { isolationInForce } from './pending-restart.ts';
import { hasHostsRoot } from './privileges.ts';
import type { ProbeReport, WallState } from './probe-schema.ts';
import { requireEntry } from './require-entry.ts';
import type { GuestServices } from './services.ts';
import { isAllowed, whyNot } from './state.ts';

/** Guests whose walls are being tried: who asks meanwhile gets the same report. */
const underWay = new Map<string, Promise<ProbeReport>>();

/**
 * Try from inside a running guest what its walls are there to refuse, and tell what held. It runs in the guest's own control
 * group, and leaves nothing, whether or not it is refused. Throws `not_found`, `illegal_state`, and `forbidden` to who may not enter it.
 */
export async function probeGuest(services: GuestServices, actor: Actor, ref: string): Promise<ProbeReport> {
  await requireEntry(services, actor, ref);
  const { id, name, state } = services.guests.get(ref);
  if (!isAllowed('enter', state)) {
    throw new AppError('illegal_state', whyNot('enter', name, state), { field: ['guest'] });
  }
  const other = underWay.get(id);
  if (other) return other;
  services.log.info('the walls of a guest are tried', { guest: name, actor: actor.kind });
  const report = tryAndJudge(services, id).finally(() => underWay.delete(id));
  underWay.set(id, report);
  return report;
}

async function tryAndJudge(services: GuestServices, id: string): Promise<ProbeReport> {
  const record = services.guests.get(id);
  const { name, kind } = record;
  const isolation = isolationInForce(record);
  const { nesting, seccomp } = isolation;
  const started = performance.now();
  const at = new Date().toISOString();
  const tried = await services.runtime.tryWalls({ id, kind, nesting, learning: seccomp.mode === 'log' });
  const trials = judgeTrials(tried, isolation);
  const count = (wanted: WallState) => trials.filter(({ state }) => state === wanted).length;
  return {
    guest: { id, name, kind, nesting, privileged: hasHostsRoot(isolation, ownRange(services, record)) },
    at,
    took: Math.round(performance.now() - started),
    counts: {
      held: count('held'),
      weakened: count('weakened'),
      open: count('open'),
      untried: count('untried'),
    },
    trials,
  };
}
