import { AppError } from '../errors/app-error.ts';
import { suggestion } from '../errors/nearest.ts';
import { CAPABILITIES, type Capability, HOST_CAPABILITIES } from '../guest/capability-schema.ts';
import type { GuestIsolation } from '../guest/isolation-schema.ts';

const FIELD = ['isolation', 'capabilities'] as const;

/**
 * The hex mask of the capabilities that a guest's processes can ever have: those of its kind (`base`, hex), with what is added
 * and without what is dropped. Dropping wins. Throws AppError `bad_input` for a name that the kernel does not have, for one that
 * is both added and dropped, and for one of the host's (`HOST_CAPABILITIES`) in a guest that is not privileged. Pure.
 */
export function capabilityMask(
  base: string,
  isolation: Pick<GuestIsolation, 'capabilities' | 'privileged'>,
): string {
  const { add, drop } = isolation.capabilities;
  let mask = BigInt(`0x${base}`);
  for (const [at, name] of add.entries()) {
    const field = [...FIELD, 'add', at];
    const bit = bitOf(name, field);
    const why = isolation.privileged ? undefined : HOST_CAPABILITIES[name as Capability];
    if (why !== undefined) {
      const message = `${name} cannot be given to a guest whose root is not the host's: ${why}; only a privileged guest can have it`;
      throw new AppError('bad_input', message, { field });
    }
    if (drop.includes(name)) {
      throw new AppError('bad_input', `${name} is both added and dropped: name it once`, { field });
    }
    mask |= bit;
  }
  for (const [at, name] of drop.entries()) mask &= ~bitOf(name, [...FIELD, 'drop', at]);
  return mask.toString(16);
}

function bitOf(name: string, field: (string | number)[]): bigint {
  const number = (CAPABILITIES as readonly string[]).indexOf(name);
  if (number < 0) {
    const message = `the kernel has no capability ${name}${suggestion(name, CAPABILITIES) || ': capabilities(7) lists them'}`;
    throw new AppError('bad_input', message, { field });
  }
  return 1n << BigInt(number);
}
