import walls from '../../native/protocol/walls.json' with { type: 'json' };
import type { GuestSpec } from './port.ts';

/** The walls of a guest before anything is added to or taken from them, as native/protocol/walls.json has them. */
export type Walls = (typeof walls)['application' | 'system'] & Pick<typeof walls, 'mask' | 'readOnly'>;

/**
 * The walls of its kind; a privileged guest holds capabilities of the host itself, so it has fewer. What nests sets up the networks
 * of its own guests: sysctls of networks stay writable, the kernel asks for root of the network's user namespace. Pure.
 */
export function wallsOf({
  kind,
  isolation,
}: {
  kind: GuestSpec['kind'];
  isolation: Pick<GuestSpec['isolation'], 'privileged' | 'nesting'>;
}): Walls {
  const { mask, readOnly, privileged, nesting } = walls;
  return {
    ...walls[kind],
    ...(isolation.privileged ? privileged[kind] : {}),
    mask,
    readOnly: isolation.nesting && !isolation.privileged ? nesting.readOnly : readOnly,
  };
}
