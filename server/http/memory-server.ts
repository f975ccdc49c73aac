import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FakeTerminal } from '../console/console-fixture.ts';
import { readEnv } from '../env.ts';
import { claimSlot } from '../instance/claim-slot.ts';
import type { Instance } from '../instance/instance.ts';
import { releaseSlot } from '../instance/release-slot.ts';
import type { Log } from '../platform.ts';
import { FakeRuntime } from '../runtime/fake.ts';
import type { TerminalConnection } from '../runtime/port.ts';
import { startServer } from '../start-server.ts';
import { send } from './test-front.ts';

const fakeNetwork = () => ({
  allocateLease: (used: ReadonlySet<number>) => {
    let lease = 2;
    while (used.has(lease)) lease++;
    return lease;
  },
  addressesOf: ({ lease }: { lease: number }) => ({
    ipv4: `10.209.0.${lease}`,
    ipv6: `fd00::${lease.toString(16)}`,
  }),
  specFor: async () => ({ network: null, resolvConf: null }),
  onGuestStarted: async () => undefined,
  onGuestRemoved: async () => undefined,
  ensure: async () => undefined,
  release: () => undefined,
  drop: async () => undefined,
  describe: () => null,
  dnsPid: () => null,
});

/** Terminals that take what is typed and print nothing. */
class TerminalRuntime extends FakeRuntime {
  readonly typed: Buffer[] = [];

  override async attach(): Promise<TerminalConnection> {
    const { typed } = this;
    return new (class extends FakeTerminal {
      override write(bytes: Uint8Array): boolean {
        typed.push(Buffer.from(bytes));
        return true;
      }
    })();
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** The real server with the real database, over its sockets; only the kernel is one in memory, so that nothing can change this host. */
export interface MemoryServer extends AsyncDisposable {
  instance: Instance;
  /** What was typed into all terminals. */
  typed: readonly Buffer[];
  databaseUrl: string;
  /** The last entry of the audit that the server has seen. */
  auditHead(): number;
  /** The guest with this id ends by itself, badly. */
  endGuest(id: string): void;
  /** Stop it, do something while it is stopped, and start it on the same folder; its guests run on. */
  restart(meanwhile?: () => Promise<unknown>): Promise<void>;
}

/** Start one in a folder of its own; `variables` are settings as the environment has them. */
export async function startMemoryServer(
  log: Log,
  variables: Record<string, string> = {},
): Promise<MemoryServer> {
  const folder = mkdtempSync('/var/tmp/berth-memory-');
  const instance = await claimSlot(folder);
  const release = () => {
    rmSync(instance.runDir, { recursive: true, force: true });
    releaseSlot(instance);
    rmSync(folder, { recursive: true, force: true });
  };
  const runtime = new TerminalRuntime();
  const start = () =>
    startServer({
      env: readEnv({ BERTH_DATA: folder, ...variables }),
      instance,
      log,
      runtime,
      createNetwork: fakeNetwork as never,
    });
  let stop = await start().catch((error: unknown) => {
    release();
    throw error;
  });
  return {
    instance,
    typed: runtime.typed,
    databaseUrl: `postgresql://berth@localhost/berth?host=${encodeURIComponent(join(instance.runDir, 'db'))}`,
    auditHead: () => {
      const file = join(folder, 'audit-head.json');
      return existsSync(file) ? Number(JSON.parse(readFileSync(file, 'utf8')).seq) : 0;
    },
    endGuest: (id) => runtime.end(id, { status: 1 }),
    restart: async (meanwhile) => {
      await stop();
      stop = async () => undefined;
      await meanwhile?.();
      stop = await start();
    },
    async [Symbol.asyncDispose]() {
      // First what starts of guests left on this host, lxcfs say: below its mount are the control groups of everybody.
      const retired = await send(instance.adminSocket, '/api/trpc/server.retire', { body: {} });
      await stop();
      release();
      if (retired.status !== 200)
        throw new Error(`the server did not retire: ${JSON.stringify(retired.body)}`);
    },
  };
}
