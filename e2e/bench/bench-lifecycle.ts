import type { BerthInstance } from '../helpers/berth-instance.ts';
import type { ApiClient } from './api-client.ts';
import type { Lxd } from './lxd.ts';
import { type Samples, summarize, timed } from './measure.ts';

export const VERBS = ['create', 'start', 'exec', 'stop', 'delete'] as const;
type Verb = (typeof VERBS)[number];
type Way = 'lxd' | 'command' | 'api';
/** Without LXD its column is empty. */
export type LifecycleTimes = Partial<Record<'lxd', Record<Verb, Samples>>> &
  Record<'command' | 'api', Record<Verb, Samples>>;
type Steps = Record<Verb, (name: string) => Promise<unknown>>;

/** One guest's life, verb by verb. The three ways take turns, so that a busy moment of the machine hits all of them. */
export async function benchLifecycle(
  berth: BerthInstance,
  api: ApiClient,
  lxd: Lxd | null,
  rounds: number,
): Promise<LifecycleTimes> {
  const must = async (args: string[]) => {
    const result = await berth.berth(args);
    if (result.status !== 0) throw new Error(`berth ${args.join(' ')}: ${result.stderr}`);
  };
  const ways = new Map<Way, Steps>();
  if (lxd)
    ways.set('lxd', {
      create: lxd.init,
      start: lxd.begin,
      exec: lxd.exec,
      stop: lxd.stop,
      delete: lxd.remove,
    });
  ways.set('command', {
    create: (name) => must(['guest', 'create', name, '--image', 'berth/mini']),
    start: (name) => must(['guest', 'start', name]),
    exec: (name) => must(['guest', 'exec', name, '--', 'true']),
    stop: (name) => must(['guest', 'stop', '--force', name]),
    delete: (name) => must(['guest', 'rm', '--now', name]),
  });
  ways.set('api', {
    create: (name) => api.mutate('guest.create', { name, image: 'berth/mini', wait: true }),
    start: (guest) => api.mutate('guest.start', { guest, wait: true }),
    exec: (guest) => api.exec(guest),
    stop: (guest) => api.mutate('guest.stop', { guest, force: true, wait: true }),
    delete: (guest) => api.mutate('guest.delete', { guest, wait: true }),
  });
  const times = { lxd: emptyTimes(), command: emptyTimes(), api: emptyTimes() };
  for (let round = 0; round < rounds; round++) {
    for (const [way, steps] of ways) {
      for (const verb of VERBS)
        times[way][verb].push(await timed(() => steps[verb](`bench-${way}-${round}`)));
    }
  }
  return {
    ...(lxd ? { lxd: summary(times.lxd) } : {}),
    command: summary(times.command),
    api: summary(times.api),
  };
}

const emptyTimes = (): Record<Verb, number[]> => ({ create: [], start: [], exec: [], stop: [], delete: [] });

const summary = (of: Record<Verb, number[]>): Record<Verb, Samples> => ({
  create: summarize(of.create),
  start: summarize(of.start),
  exec: summarize(of.exec),
  stop: summarize(of.stop),
  delete: summarize(of.delete),
});
