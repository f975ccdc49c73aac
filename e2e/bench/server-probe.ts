import { readdirSync } from 'node:fs';
import { getHeapSpaceStatistics } from 'node:v8';

/** What a server says of itself when its bench asks, all garbage collected: bytes, and how many descriptors it has. */
export interface ServerState {
  heapUsed: number;
  /** Of that what V8 compiled: byte code, machine code and what it keeps of both. */
  compiled: number;
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
    const compiled = getHeapSpaceStatistics()
      .filter(({ space_name }) => space_name === 'code_space' || space_name === 'trusted_space')
      .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
    const descriptors = readdirSync('/proc/self/fd').length;
    const state: ServerState = { heapUsed, compiled, external, rss, descriptors };
    process.send?.(state);
  });
});
process.channel?.unref();
