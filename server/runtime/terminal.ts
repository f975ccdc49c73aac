import type { HolderClient } from '../../native/lib/holder-client.ts';
import type { TerminalConnection } from './port.ts';

/** ms that a shell has between being hung up and being killed. */
const HANG_UP_MS = 2000;

/** A connection to a holder as consoles see it. */
export function terminalOf(holder: HolderClient): TerminalConnection {
  const { start, end, columns, rows } = holder.welcome;
  return {
    state: { start, end, columns, rows },
    onOutput: (listener) => {
      // A copy: the socket's buffer is used again.
      holder.on('output', (offset, bytes) => listener(offset, new Uint8Array(bytes)));
    },
    onExit: (listener) => {
      holder.on('exit', ({ status, signal }) => listener({ status, signal }));
    },
    onLost: (listener) => {
      holder.on('lost', () => listener());
    },
    write: (bytes) => holder.write(bytes),
    onDrain: (listener) => {
      holder.on('drain', listener);
    },
    resize: (toColumns, toRows) => holder.resize(toColumns, toRows),
    acknowledge: (offset) => holder.acknowledge(offset),
    hangUp: () => holder.stop({ force: false, timeoutMs: HANG_UP_MS }),
    close: () => holder.close(),
    [Symbol.asyncDispose]: async () => holder.close(),
  };
}
