import type { GuestUsage } from '../guest/schema.ts';
import type { RawUsage } from '../runtime/port.ts';

/** Counters of one guest at one moment of the monotonic clock (ms). */
export interface Sample {
  run: string;
  clockMs: number;
  raw: RawUsage;
}

/**
 * Usage with rates per second since the sample before. They are null for the first sample of a run, and for a counter
 * that the host does not tell or that went back (the guest was started anew). Pure.
 */
export function usageOf(now: Sample, before: Sample | undefined): GuestUsage {
  const { raw } = now;
  const same = before !== undefined && before.run === now.run && now.clockMs > before.clockMs ? before : null;
  const seconds = same ? (now.clockMs - same.clockMs) / 1000 : 0;
  const rate = (current: number | null, last: number | null | undefined): number | null =>
    same === null || current === null || last === null || last === undefined || current < last
      ? null
      : (current - last) / seconds;
  const held = rate(raw.throttledMicros, same?.raw.throttledMicros);
  const micros = rate(raw.cpuTotalMicros, same?.raw.cpuTotalMicros);
  return {
    cpu: micros === null ? null : micros / 1e6,
    cpuTotalMicros: raw.cpuTotalMicros,
    memory: raw.memory,
    swap: raw.swap,
    pids: raw.pids,
    networkReceive: rate(raw.networkReceiveBytes, same?.raw.networkReceiveBytes),
    networkTransmit: rate(raw.networkTransmitBytes, same?.raw.networkTransmitBytes),
    ioRead: rate(raw.ioReadBytes, same?.raw.ioReadBytes),
    ioWrite: rate(raw.ioWriteBytes, same?.raw.ioWriteBytes),
    throttled: held === null ? null : Math.min(1, held / 1e6),
  };
}
