import { afterAll, beforeAll, expect } from 'vitest';
import { FaultServer, type FaultServerOptions } from './fault-server.ts';

const MiB = 1024 * 1024;
/** What a busy machine may take for what comes by itself. */
export const SOON = { timeout: 60_000, interval: 50 };
export const LIMITS = { memory: 64 * MiB, pids: 64 };

/** A server for all tests of a file, told to `use` when guests of these names run; nothing of it is left after them. */
export function shareFaultServer(
  use: (server: FaultServer) => void,
  {
    guests = [],
    options = () => ({}),
  }: { guests?: readonly string[]; options?: () => FaultServerOptions } = {},
): void {
  let server: FaultServer | undefined;
  beforeAll(async () => {
    server = await FaultServer.make(options());
    use(server);
    for (const name of guests) {
      const made = await server.client.change('guest.create', {
        name,
        limits: LIMITS,
        start: true,
        wait: true,
      });
      expect(made).toMatchObject({ kind: 'acknowledged', status: 'done' });
    }
  });
  afterAll(() => server?.[Symbol.asyncDispose]());
}
