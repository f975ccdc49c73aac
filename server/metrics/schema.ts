import { guestRef } from '../guest/schema.ts';

export const historyInput = guestRef;

/** Column arrays, as uPlot takes them; one entry a second, at most ten minutes. Null where nothing was known. */
export interface UsageHistory {
  /** Unix seconds. */
  at: number[];
  cpu: (number | null)[];
  memory: (number | null)[];
  pids: (number | null)[];
  networkReceive: (number | null)[];
  networkTransmit: (number | null)[];
  ioRead: (number | null)[];
  ioWrite: (number | null)[];
  throttled: (number | null)[];
}
