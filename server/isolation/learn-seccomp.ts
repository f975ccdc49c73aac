import { AppError } from '../errors/app-error.ts';
import type { GuestServices } from '../guest/services.ts';
import type { LearnedSeccomp } from './schema.ts';

/**
 * The seccomp profile that a guest would need, from what it has done since its filter only logs (`isolation.seccomp.mode` `log`). Throws
 * `not_found`, `illegal_state` for a guest with another filter, and `unsupported` when this host's audit records could not be read.
 */
export async function learnSeccomp(
  { guests, runtime }: Pick<GuestServices, 'guests' | 'runtime'>,
  ref: string,
): Promise<LearnedSeccomp> {
  const { id, name, kind, state, isolation } = guests.get(ref);
  if (isolation.seccomp.mode !== 'log') {
    const message = `the filter of ${name} is ${isolation.seccomp.mode}, so nothing is learnt: set isolation.seccomp to { "mode": "log" } and start it`;
    throw new AppError('illegal_state', message);
  }
  const { unavailable, ...learned } = await runtime.readLearned(id, kind);
  if (unavailable !== null) {
    const message = `what ${name} does was not learnt: the kernel's audit records cannot be read here (${unavailable}); berth check says what they need`;
    throw new AppError('unsupported', message);
  }
  return { ...learned, running: state === 'running' };
}
