import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { applyMigrations } from '../db/apply-migrations.ts';
import { connectDb } from '../db/client.ts';
import { HostBook } from '../db/host-book.ts';
import { startPrivatePostgres } from '../db/private-postgres.ts';
import { ALWAYS_THERE } from '../db/test-database.ts';
import { readEnv } from '../env.ts';
import { AppError } from '../errors/app-error.ts';
import { createEventBus } from '../event/create-event-bus.ts';
import type { BerthEvent } from '../event/schema.ts';
import { type Instance, instanceOf } from '../instance/instance.ts';
import { createLog } from '../log.ts';
import { createOperationRunner } from '../operation/create-operation-runner.ts';
import type { Platform } from '../platform.ts';
import { ProjectBook } from '../project/project-book.ts';
import { FakeRuntime } from '../runtime/fake.ts';
import type { RuntimePort } from '../runtime/port.ts';
import { adoptGuests } from './adopt-guests.ts';
import { defineGuestOperations } from './define-guest-operations.ts';
import { reconcileGuests } from './reconcile-guests.ts';
import type { GuestImage, GuestImages, GuestNetwork, GuestServices, GuestVolumes } from './services.ts';
import { GuestStore } from './store.ts';
import { watchEvents } from './watch-events.ts';
import { watchExits } from './watch-exits.ts';

const MIGRATIONS = resolve(import.meta.dirname, '../../prisma/migrations');

/** A database of a test file's own, on a real PostgreSQL in a folder of its own. */
export async function testDatabase(): Promise<{ url: string; folder: string; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-guests-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  chmodSync(folder, 0o711);
  try {
    const log = createLog(() => undefined);
    const runDir = join(folder, 'run');
    const postgres = await startPrivatePostgres({ dataDir: folder, runDir, userName: 'berth-db', log });
    await applyMigrations(postgres.url, MIGRATIONS);
    return {
      url: postgres.url,
      folder,
      close: async () => {
        await postgres.process.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Images of a catalogue in memory: `berth/mini` is built, `debian/12` is built when it is asked for. */
export class TestImages implements GuestImages {
  readonly builds = new Map<string, string | null>([
    ['berth/mini', 'b1'],
    ['debian/12', null],
  ]);
  /** What building throws. */
  failure: Error | null = null;

  async resolve(name: string): Promise<GuestImage> {
    const build = this.builds.get(name);
    if (build === undefined) {
      const known = [...this.builds.keys()].join(', ');
      throw new AppError('bad_input', `there is no image ${name}: choose one of ${known}`, {
        field: ['image'],
      });
    }
    return {
      name,
      build,
      kind: 'system',
      command: { system: ['/sbin/init'], application: [] },
      stopSignal: { system: 'SIGUSR2', application: 'SIGTERM' },
      stopTimeoutMs: 10_000,
    };
  }

  async ensureReady(name: string): Promise<GuestImage & { build: string }> {
    if (this.failure) throw this.failure;
    const build = this.builds.get(name) ?? 'b2';
    this.builds.set(name, build);
    return { ...(await this.resolve(name)), build };
  }

  rootOf(name: string, build: string): string {
    return `/images/${name}/${build}/rootfs`;
  }

  async onGuestRemoved(): Promise<void> {
    // No files: nothing to remove.
  }
}

/** A network that hands out numbers. */
export class TestNetwork implements GuestNetwork {
  readonly names = new Map<string, string>();

  allocateLease(used: ReadonlySet<number>): number {
    let lease = 2;
    while (used.has(lease)) lease++;
    return lease;
  }

  addressesOf({ lease }: { lease: number }): { ipv4: string; ipv6: string } {
    return { ipv4: `10.209.0.${lease}`, ipv6: `fd00::${lease.toString(16)}` };
  }

  async specFor(): Promise<{ network: null; resolvConf: null }> {
    return { network: null, resolvConf: null };
  }

  async onGuestStarted({ id, name }: { id: string; name: string }): Promise<void> {
    this.names.set(id, name);
  }

  async onGuestRemoved({ id }: { id: string }): Promise<void> {
    this.names.delete(id);
  }
}

/** Volumes that are all there. */
export const testVolumes: GuestVolumes = {
  resolve: async (mount) => ({ ...mount, source: mount.source.replace(/^volume:/, '/volumes/') }),
  projectOf: async () => 'default',
  foldersOf: async () => [],
};

export interface TestServer extends GuestServices {
  runtime: FakeRuntime;
  images: TestImages;
  network: TestNetwork;
  seen: BerthEvent[];
  close: () => Promise<void>;
}

/** Database, events and operations for a server of a test. */
export function testPlatform(options: {
  url: string;
  folder: string;
  instance: Instance;
  runtime: RuntimePort;
}): {
  platform: Platform;
  stop: () => Promise<void>;
} {
  const log = createLog(() => undefined);
  const db = connectDb(options.url);
  const events = createEventBus((error) => {
    throw error;
  });
  const hosts = new HostBook(db);
  const operations = createOperationRunner({ db, events, log, hosts });
  const env = readEnv({ BERTH_DATA: options.folder });
  const { instance, runtime } = options;
  return {
    platform: { env, instance, db, database: ALWAYS_THERE, hosts, runtime, events, operations, log },
    stop: async () => {
      await operations.stop(5000);
      await db.$disconnect();
    },
  };
}

/** A server's worth of services over one database and one kernel; make another to see what a restart does. */
export async function testServer(options: {
  url: string;
  folder: string;
  runtime?: FakeRuntime;
}): Promise<TestServer> {
  const runtime = options.runtime ?? new FakeRuntime();
  const instance = instanceOf({ slot: 11, id: '0123456789abcdef', dataDir: options.folder });
  const { platform, stop } = testPlatform({ ...options, instance, runtime });
  const seen: BerthEvent[] = [];
  platform.events.on((event) => seen.push(event));
  const services: TestServer = {
    ...platform,
    runtime,
    images: new TestImages(),
    network: new TestNetwork(),
    volumes: testVolumes,
    lxcfs: { root: async () => null },
    guests: new GuestStore(platform.db),
    projects: new ProjectBook(platform.db),
    seen,
    close: async () => {
      for (const timer of services.guests.starts.values()) clearTimeout(timer);
      await stop();
    },
  };
  defineGuestOperations(services);
  await adoptGuests(services);
  await services.operations.recover();
  watchExits(services);
  watchEvents(services);
  await reconcileGuests(services);
  return services;
}
