import { readdirSync } from 'node:fs';

/** What a server says of itself when its bench asks, all garbage collected: bytes, and how many descriptors it has. */
export interface ServerState {
  heapUsed: number;
  external: number;
  rss: number;
  descriptors: number;
}

// Loaded into the server by `node --import`, with a channel to the bench.
process.on('message', (asked) => {
  if (asked !== 'state') return;
  global.gc?.();
  // What finalizers let go of goes with the next one.
  setImmediate(() => {
    global.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    const state: ServerState = { heapUsed, external, rss, descriptors: readdirSync('/proc/self/fd').length };
    process.send?.(state);
  });
});
process.channel?.unref();
