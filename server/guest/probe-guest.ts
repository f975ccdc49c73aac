import { EventEmitter, on } from 'node:events';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { judgeTrials } from './judge-trials.ts';
import { ownRange } from './own-range.ts';
import { isolationInForce } from './pending-restart.ts';
import { hasHostsRoot } from './privileges.ts';
import type { ProbeProgress, ProbeReport, WallState } from './probe-schema.ts';
import { requireEntry } from './require-entry.ts';
import type { GuestServices } from './services.ts';
import { isAllowed, whyNot } from './state.ts';

interface UnderWay {
  report: Promise<ProbeReport>;
  progress: ProbeProgress | null;
}

/** Guests whose walls are being tried: who asks meanwhile gets the same report. */
const underWay = new Map<string, UnderWay>();
/** Emits a guest's id when its progress has changed. */
const changes = new EventEmitter<Record<string, []>>().setMaxListeners(0);

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
  if (other) return other.report;
  services.log.info('the walls of a guest are tried', { guest: name, actor: actor.kind });
  const now: UnderWay = { progress: null, report: Promise.resolve(null as never) };
  now.report = tryAndJudge(services, id, (progress) => {
    now.progress = progress;
    changes.emit(id);
  }).finally(() => {
    underWay.delete(id);
    changes.emit(id);
  });
  underWay.set(id, now);
  return now.report;
}

/**
 * How far the trying of a guest's walls is, each time that it goes on; null while nobody tries them. Ends with the signal. Throws
 * `not_found`.
 */
export async function* watchProbing(
  { guests }: Pick<GuestServices, 'guests'>,
  ref: string,
  signal: AbortSignal,
): AsyncGenerator<ProbeProgress | null> {
  const { id } = guests.get(ref);
  const told = on(changes, id, { signal });
  try {
    yield underWay.get(id)?.progress ?? null;
    for await (const _change of told) yield underWay.get(id)?.progress ?? null;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function tryAndJudge(
  services: GuestServices,
  id: string,
  onProgress: (progress: ProbeProgress) => void,
): Promise<ProbeReport> {
  const record = services.guests.get(id);
  const { name, kind } = record;
  const isolation = isolationInForce(record);
  const { nesting, seccomp } = isolation;
  const started = performance.now();
  const at = new Date().toISOString();
  const tried = await services.runtime.tryWalls(
    { id, kind, nesting, learning: seccomp.mode === 'log' },
    onProgress,
  );
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
