import type { GuestRecord } from './record.ts';
import type { GuestServices } from './services.ts';

/**
 * Read the counters of those running guests that have no sample yet (just started, or the server has): the views
 * then have what is known without waiting for the next second. Rates need a second sample and stay null.
 */
export async function readMissingUsage(
  services: GuestServices,
  records: readonly GuestRecord[],
): Promise<void> {
  const { guests, runtime, log } = services;
  const missing = records
    .filter((one) => !guests.isElsewhere(one))
    .filter((one) => (one.state === 'running' || one.state === 'frozen') && !guests.usage.has(one.id))
    .map((one) => one.id);
  if (missing.length === 0) return;
  try {
    for (const [id, raw] of await runtime.readUsage(missing)) {
      if (guests.usage.has(id)) continue;
      const { cpuTotalMicros, memory, swap, pids } = raw;
      const rates = {
        cpu: null,
        networkReceive: null,
        networkTransmit: null,
        ioRead: null,
        ioWrite: null,
        throttled: null,
      };
      guests.usage.set(id, { ...rates, cpuTotalMicros, memory, swap, pids });
    }
  } catch (error) {
    // A list without usage is better than none: the guests are there all the same.
    log.warn('cannot read the usage of guests', { guests: missing, error });
  }
}
