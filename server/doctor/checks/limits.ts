import type { GuestLimits } from '../../guest/limits-schema.ts';
import type { GuestServices } from '../../guest/services.ts';
import type { Check, Found } from '../check.ts';

/** Whether the kernel still has each running guest's limits, and its link those of the network. */
export function checkLimits(services: GuestServices): Check {
  const { guests, operations, runtime } = services;
  return {
    what: 'limits of running guests',
    async find() {
      const running = new Set((await runtime.listRunning()).map(({ id }) => id));
      const found: Found[] = [];
      for (const { id, name, limits } of guests.all()) {
        if (!running.has(id) || operations.current(id)) continue;
        const read = await runtime.readLimits(id, limits);
        const other = differing(limits, read);
        if (other.length === 0) continue;
        found.push({
          ...{
            kind: 'cgroup',
            subject: `guest ${name}`,
            problem: `the kernel has other limits: ${other.join(', ')}`,
          },
          remedy: 'set them again',
          mend: () => runtime.setLimits(id, limits),
        });
      }
      return found;
    },
  };
}

/** `memory 1048576 (536870912 is meant)`. What the kernel rounds to whole pages is the same. Pure. */
export function differing(meant: GuestLimits, read: GuestLimits): string[] {
  const close = (one: unknown, other: unknown) =>
    typeof one === 'number' && typeof other === 'number'
      ? Math.abs(one - other) <= Math.max(65_536, one / 100) && one > 1_000_000
      : false;
  return Object.entries(meant).flatMap(([name, wanted]) => {
    const has: unknown = read[name as keyof GuestLimits];
    if (JSON.stringify(has) === JSON.stringify(wanted) || close(wanted, has)) return [];
    return [`${name} ${JSON.stringify(has)} (${JSON.stringify(wanted)} is meant)`];
  });
}
