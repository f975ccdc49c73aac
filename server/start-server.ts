import { readFileSync } from 'node:fs';
import { Guard } from './access/guard.ts';
import { RightsBook } from './access/rights-book.ts';
import { assertPermissions } from './assert-permissions.ts';
import { AuditLog } from './audit/audit-log.ts';
import { TwoFactor } from './auth/two-factor.ts';
import { Backups } from './backup/backups.ts';
import { checkSpace, makeRunDir } from './check-host.ts';
import { ensureSystemUser } from './child/ensure-system-user.ts';
import { adoptRecordings } from './console/adopt-recordings.ts';
import { adoptSessions } from './console/adopt-sessions.ts';
import { watchIdleSessions } from './console/end-idle.ts';
import { registerConsoleSockets } from './console/register-console-sockets.ts';
import { serveRecordings } from './console/serve-recording.ts';
import { createConsoleServices } from './console/services.ts';
import { consoleDirectory } from './console-directory.ts';
import { createDoctor } from './doctor/create-doctor.ts';
import type { Env } from './env.ts';
import { failpoint } from './failpoint/failpoint.ts';
import { adoptGuests } from './guest/adopt-guests.ts';
import { defineGuestOperations } from './guest/define-guest-operations.ts';
import { watchExpiry } from './guest/end-expired.ts';
import { followChanges } from './guest/follow-changes.ts';
import { reconcileGuests } from './guest/reconcile-guests.ts';
import type { GuestServices } from './guest/services.ts';
import { GuestStore } from './guest/store.ts';
import { watchEvents } from './guest/watch-events.ts';
import { watchExits } from './guest/watch-exits.ts';
import { createLxcfs, type LxcfsService } from './host/lxcfs.ts';
import { createHttp } from './http/create-http.ts';
import { listenOnSocket } from './http/listen-on-socket.ts';
import { createImageService } from './image/create-image-service.ts';
import type { ImageService } from './image/service.ts';
import type { Instance } from './instance/instance.ts';
import { lockInstance } from './instance/lock-instance.ts';
import { LastAnswers } from './last-answers.ts';
import { UsageSampler } from './metrics/sampler.ts';
import type { NetworkService } from './network/service.ts';
import { NoticeSender } from './notice/deliver-notices.ts';
import { watchReminders } from './notice/remind-expiry.ts';
import { watchNotices } from './notice/watch-notices.ts';
import type { Log, Platform } from './platform.ts';
import { PresenceBook } from './presence/presence-book.ts';
import { ProjectBook } from './project/project-book.ts';
import { retire } from './retire.ts';
import { createAppRouter } from './router.ts';
import type { RuntimePort } from './runtime/port.ts';
import { startPlatform } from './start-platform.ts';
import { watchTrash } from './trash/watch-trash.ts';
import { createVolumeService } from './volume/create-volume-service.ts';

export interface StartOptions {
  env: Env;
  instance: Instance;
  log: Log;
  /** What touches the kernel: the real ones, or fakes in a test. */
  runtime: RuntimePort & AsyncDisposable;
  createNetwork(platform: Platform): NetworkService;
}

/** Take no more, let go of guests and shells, and stop the rest in order. */
export type StopServer = () => Promise<void>;

/**
 * Everything, in the order in which each part needs the ones before. Resolves when both sockets answer. What was
 * started is stopped again when a later part throws.
 */
export async function startServer(options: StartOptions): Promise<StopServer> {
  const { env, instance, log } = options;
  const began = performance.now();
  await using undo = new AsyncDisposableStack();
  checkSpace(instance.dataDir);
  const webUser = ensureSystemUser(env.webUser);
  makeRunDir(instance);
  undo.defer(lockInstance(instance));

  undo.use(options.runtime);
  const started = await startPlatform(options);
  undo.defer(() => started.stop());
  const { platform, signIn, sessions } = started;
  const audit = new AuditLog({ ...platform, dataDir: instance.dataDir });
  await audit.start();
  undo.defer(() => audit.stop());
  const backups = new Backups({
    ...platform,
    database: started.databaseAccess,
    userName: env.databaseUser,
    isTurn: () => platform.hosts.isFirst(),
  });
  undo.defer(() => backups.stop());
  const network = options.createNetwork(platform);
  undo.defer(() => network.release());
  const lxcfs = createLxcfs(platform);
  undo.defer(() => lxcfs.release());
  const images = createImageService(platform);
  const volumes = createVolumeService(platform);
  const guests: GuestServices = {
    ...platform,
    images,
    network,
    lxcfs,
    volumes,
    guests: new GuestStore(platform.db, platform.hosts.own),
    projects: new ProjectBook(platform.db),
  };
  const sender = new NoticeSender(platform);
  undo.defer(() => sender.stop());
  const notices = {
    ...platform,
    project: (name: string) => guests.projects.get(name),
    hurry: () => sender.hurry(),
  };
  // What recovery finds is told too.
  await makeTrue(guests, { images, network, lxcfs }, () => undo.defer(watchNotices(notices, guests.guests)));

  if (started.changes) undo.defer(followChanges(guests, started.changes));

  const rights = new RightsBook({ ...platform, guestsIn: guests.guests.guestsOf });
  const answers = new LastAnswers(platform);
  const sampler = undo.use(new UsageSampler(guests));
  const presence = new PresenceBook(platform.events);
  undo.defer(() => presence.stop());
  undo.defer(presence.follow(platform.events));
  const consoles = createConsoleServices({
    platform,
    guests: consoleDirectory(guests, rights),
    audit,
    onPeople: (terminal, of) => presence.setTerminal(terminal, of),
  });
  await failpoint('recovery.consoles', 'before');
  await adoptSessions(consoles);
  undo.defer(() => consoles.recordings.stop());
  undo.defer(() => consoles.desk.stop());
  undo.defer(await adoptRecordings(consoles, platform.events));
  undo.defer(watchIdleSessions(consoles));
  await failpoint('recovery.consoles', 'after');
  const router = createAppRouter({
    guests,
    images,
    volumes,
    backups,
    doctor: createDoctor({ ...guests, network }, backups),
    operations: platform.operations,
    console: consoles,
    presence,
    sampler,
    audit,
    notices,
    users: {
      ...{ ...platform, signIn, oidc: started.oidc, secret: started.secret },
      ...{ twoFactor: new TwoFactor({ auth: started.auth, db: platform.db }) },
      // Whom the roles for one in the trash are taken is told by its id.
      guest: (ref) => guests.guests.findAny(ref) ?? guests.guests.get(ref),
      project: (name) => guests.projects.get(name),
      guestsIn: guests.guests.guestsOf,
    },
    server: {
      version: readVersion(),
      startedAt: new Date(),
      processes: () => ({ database: processOf(started.databasePid()), dns: processOf(network.dnsPid()) }),
      retire: () => retire({ guests, images, network, volumes, lxcfs, operations: platform.operations }),
    },
  });
  assertPermissions(router);
  const guard = new Guard({
    db: platform.db,
    guestId: (ref) => guests.guests.ref(ref),
    trashedId: (id) => (guests.guests.findAny(id)?.trash ? id : null),
    guestName: (id) => guests.guests.findAny(id)?.name ?? null,
    guestOfSession: (session) => consoles.sessions.find(session)?.guestId ?? null,
    guestOfRecording: (id) => consoles.recordings.guestOf(id),
    projectOfVolume: (name) => volumes.projectOf(name),
    rights,
    elsewhere: (id) => {
      const record = guests.guests.findAny(id);
      if (!record || !guests.guests.isElsewhere(record)) return null;
      const { installation } = record;
      return {
        name: platform.hosts.nameOf(installation),
        address: platform.hosts.find(installation)?.address ?? 'it is gone',
      };
    },
  });
  const { database } = platform;
  const http = createHttp({ ...started, env, log, router, guard, database, answers, audit });
  serveRecordings(http, consoles, audit);
  const sockets = registerConsoleSockets({ http, services: consoles, logins: sessions });
  undo.defer(async () => {
    sockets.closeAll();
    await http.close();
  });
  await listenOnSocket(http.web, instance.webSocket, { mode: 0o660, gid: webUser.gid });
  await listenOnSocket(http.admin, instance.adminSocket, { mode: 0o600, gid: 0 });
  sampler.start();
  backups.startDaily();
  sender.hurry();
  undo.defer(watchExpiry(guests));
  undo.defer(watchReminders(notices, guests.guests));
  undo.defer(watchTrash(guests));
  log.info('ready', { slot: instance.slot, ms: Math.round(performance.now() - began) });
  const running = undo.move();
  return () => running.disposeAsync();
}

/** The inventory and the kernel agree afterwards; what a crash interrupted is finished or undone. */
async function makeTrue(
  guests: GuestServices,
  resources: { images: ImageService; network: NetworkService; lxcfs: LxcfsService },
  onKnown: () => void,
): Promise<void> {
  defineGuestOperations(guests);
  await failpoint('recovery.network', 'before');
  await resources.network.ensure().catch((error: unknown) => {
    // Without a network the console is still there to say so; each start of a guest tries again.
    guests.log.error('the network of guests cannot be made', { error });
  });
  await failpoint('recovery.network', 'after');
  await failpoint('recovery.adopt', 'before');
  await adoptGuests(guests);
  await failpoint('recovery.adopt', 'after');
  onKnown();
  await resources.lxcfs.adopt();
  await failpoint('recovery.operations', 'before');
  await guests.operations.recover();
  await failpoint('recovery.operations', 'after');
  await failpoint('recovery.images', 'before');
  await resources.images.prepare();
  await failpoint('recovery.images', 'after');
  watchExits(guests);
  watchEvents(guests);
  await failpoint('recovery.reconcile', 'before');
  await reconcileGuests(guests);
  await failpoint('recovery.reconcile', 'after');
}

function processOf(pid: number | null): { pid: number } | null {
  return pid === null ? null : { pid };
}

function readVersion(): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return version;
}
