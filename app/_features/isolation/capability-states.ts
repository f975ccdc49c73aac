import { CAPABILITIES } from '../../../server/guest/capability-schema.ts';
import type { GuestKind } from '../../../server/guest/schema.ts';
import { KIND_CAPABILITIES } from '../../../server/guest/wall-schema.ts';

export interface CapabilityState {
  name: string;
  /** In the effective set of init. */
  has: boolean;
  /** Not effective, but it could get it: in the bounding set. */
  reachable: boolean;
  /** How it differs from the default of the kind. */
  change: 'added' | 'dropped' | null;
}

/** Every capability as init has it, those that differ from the default first. Pure. */
export function capabilityStates(
  kind: GuestKind,
  live: { effective: readonly string[]; bounding: readonly string[] },
): CapabilityState[] {
  const usual = KIND_CAPABILITIES[kind];
  const names = [...new Set<string>([...CAPABILITIES, ...live.effective, ...live.bounding])];
  const states = names.map((name): CapabilityState => {
    const has = live.effective.includes(name);
    const isUsual = usual.includes(name);
    return {
      name,
      has,
      reachable: !has && live.bounding.includes(name),
      change: has === isUsual ? null : has ? 'added' : 'dropped',
    };
  });
  return states.sort((a, b) => Number(b.change !== null) - Number(a.change !== null));
}
