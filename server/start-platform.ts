import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { authSecret, keyHashOf } from './auth/auth-secret.ts';
import { type Auth, createAuth, isSecure } from './auth/create-auth.ts';
import { EndingSessions } from './auth/ending-sessions.ts';
import { Sessions } from './auth/sessions.ts';
import { SignIn } from './auth/sign-in.ts';
import { makeBackup } from './backup/make-backup.ts';
import type { DatabaseAccess } from './backup/pg-tools.ts';
import { assertNotRestoring } from './backup/restore-marker.ts';
import { applyMigrations } from './db/apply-migrations.ts';
import { assertDatabaseBelongs } from './db/assert-database-belongs.ts';
import { ChangeFeed, serverName } from './db/change-feed.ts';
import { claimDatabase, type HostFacts } from './db/claim-database.ts';
import { connectDb } from './db/client.ts';
import { DatabaseWatch } from './db/database-watch.ts';
import { findPostgres } from './db/find-postgres.ts';
import { hidePassword } from './db/hide-password.ts';
import { HostBook } from './db/host-book.ts';
import { readInstallation } from './db/installation.ts';
import { clusterVersion } from './db/private-cluster.ts';
import { type PrivatePostgres, startPrivatePostgres } from './db/private-postgres.ts';
import type { Env } from './env.ts';
import { AppError } from './errors/app-error.ts';
import { createEventBus } from './event/create-event-bus.ts';
import { consoleUrl } from './instance/console-url.ts';
import type { Instance } from './instance/instance.ts';
import { OidcSignIn } from './oidc/oidc-sign-in.ts';
import { createOperationRunner, type StoppableRunner } from './operation/create-operation-runner.ts';
import { PasskeySignIn } from './passkey/passkey-sign-in.ts';
import type { Log, Platform } from './platform.ts';
import type { RuntimePort } from './runtime/port.ts';

const MIGRATIONS = fileURLToPath(new URL('../prisma/migrations', import.meta.url));

/** The platform with what only the composition root may touch. */
export interface StartedPlatform {
  platform: Platform & { operations: StoppableRunner };
  auth: Auth;
  sessions: Sessions;
  signIn: SignIn;
  passkeySignIn: PasskeySignIn;
  oidc: OidcSignIn;
  /** Signs cookies, and seals what is kept of providers. */
  secret: string;
  /** Pid of the private database; null while it does not run, or when it is somebody else's. */
  databasePid(): number | null;
  /** For back-ups. Throws `unavailable` where PostgreSQL's programs are not there. */
  databaseAccess(): DatabaseAccess;
  /** What other servers change in the database; null: nobody shares it. */
  changes: ChangeFeed | null;
  /** Operations, sessions, connections, database: in this order. */
  stop(): Promise<void>;
}

/** ms that operations have to end when the server stops. */
const OPERATIONS_PATIENCE = 5000;

/** Everything that nouns build on: database (started and migrated), events, operations, sessions. */
export async function startPlatform(options: {
  env: Env;
  instance: Instance;
  runtime: RuntimePort;
  log: Log;
}): Promise<StartedPlatform> {
  const { env, instance, runtime, log } = options;
  assertNotRestoring(instance.dataDir);
  const secret = authSecret(instance.dataDir);
  const given = chooseDatabase(instance.dataDir, env.databaseUrl);
  const postgres = given === null ? await startOwn(options) : null;
  const url = postgres?.url ?? given ?? '';
  const version = postgres ? clusterVersion(join(instance.dataDir, 'db')) : null;
  const databaseAccess = () => ({ url, bin: findPostgres(version) });
  let installation: string;
  try {
    const applied = await migrate(url, () => makeBackup(instance.dataDir, databaseAccess(), 'migration'));
    if (applied.length > 0) log.info('the database was migrated', { applied });
    const { dataDir } = instance;
    const facts = factsOf(options, keyHashOf(secret));
    installation = await claimDatabase(url, { dataDir, isPrivate: postgres !== null, join: env.join, facts });
  } catch (error) {
    await postgres?.process.stop();
    throw error;
  }
  const events = createEventBus((error) => log.error('a listener of events failed', { error }));
  const changes = postgres === null ? new ChangeFeed(installation, log) : null;
  const database = new DatabaseWatch({
    ...{ url, installation, log, changes },
    onTurn: (awaySince) => events.publish({ type: 'database.changed', awaySince }),
  });
  const db = connectDb(url, () => database.awaySince() !== null, serverName(installation));
  await database.start();
  const hosts = new HostBook(db, installation);
  await hosts.load();
  // Of a private one there is nobody to tell.
  const silence = changes === null ? () => undefined : hosts.start();
  const operations = createOperationRunner({ db, events, log, hosts });
  const auth = createAuth({ db, env, secret, log });
  const ending = new EndingSessions({ dataDir: instance.dataDir, db, database, log });
  const sessions = new Sessions({ auth, db, env, database, events, ending });
  return {
    platform: { env, instance, db, database, hosts, runtime, events, operations, log },
    auth,
    sessions,
    signIn: new SignIn({ auth, db }),
    passkeySignIn: new PasskeySignIn({ auth, db }),
    oidc: new OidcSignIn({ auth, db, secret, isSecure: isSecure(env) }),
    secret,
    databaseAccess,
    changes,
    databasePid: () => postgres?.process.pid() ?? null,
    stop: async () => {
      await operations.stop(OPERATIONS_PATIENCE);
      sessions.stop();
      ending.stop();
      silence();
      await database.stop();
      await db.$disconnect();
      await postgres?.process.stop();
    },
  };
}

/** What those who share the database are told of this host. */
function factsOf({ env, instance }: { env: Env; instance: Instance }, keyHash: string): HostFacts {
  const { ipv4, ipv6, idBase } = instance;
  // From elsewhere this host is not where it finds itself.
  const isHere = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(env.address);
  return { address: consoleUrl(isHere ? { ...env, address: hostname() } : env), ipv4, ipv6, idBase, keyHash };
}

/** Null: the private one. Another one is the data folder's from the first start on; later `berth db move` brings it there. */
function chooseDatabase(dataDir: string, asked: string | undefined): string | null {
  const known = readInstallation(dataDir);
  if (asked === undefined) return known?.url ?? null;
  if ((known === null || known.url === null) && clusterVersion(join(dataDir, 'db')) !== null) {
    throw new AppError(
      'illegal_state',
      `DATABASE_URL names ${hidePassword(asked)}, but the inventory is in the private database of ${dataDir}: unset it, or move the inventory with berth db move`,
    );
  }
  return asked;
}

function startOwn({
  env,
  instance,
  log,
}: {
  env: Env;
  instance: Instance;
  log: Log;
}): Promise<PrivatePostgres> {
  const { dataDir, runDir } = instance;
  assertDatabaseBelongs(dataDir);
  return startPrivatePostgres({ dataDir, runDir, userName: env.databaseUser, log });
}

async function migrate(url: string, before: () => Promise<unknown>): Promise<string[]> {
  try {
    return await applyMigrations(url, MIGRATIONS, before);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('unavailable', `the database cannot be used: ${reason}`, { cause });
  }
}
