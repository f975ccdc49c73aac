import type { GuestSpec } from './port.ts';
import { each, type SpecEntries } from './spec-entries.ts';
import { wireWord } from './wire-mounts.ts';

/** Settings of the kernel for this guest, and the programs that run at the stages of its life. Pure. */
export function settingEntries({ isolation, hooks }: Pick<GuestSpec, 'isolation' | 'hooks'>): SpecEntries {
  const limit = (value: number | null) => (value === null ? 'unlimited' : `${value}`);
  return [
    ...each(
      'sysctl',
      Object.entries(isolation.sysctls).map(([name, value]) => `${name}=${value}`),
    ),
    ...each(
      'rlimit',
      isolation.rlimits.map(({ name, soft, hard }) => `${name}=${limit(soft)}:${limit(hard)}`),
    ),
    ...(isolation.label === null ? [] : each('label', [isolation.label])),
    ...(isolation.lxcfsRoot === null ? [] : each('lxcfs', [isolation.lxcfsRoot])),
    ...each(
      'hook',
      hooks.map(({ stage, timeoutMs, path, args, env }) =>
        [stage, timeoutMs, wireWord(path), args.length, ...args.map(wireWord), ...env.map(wireWord)].join(
          ' ',
        ),
      ),
    ),
  ];
}
