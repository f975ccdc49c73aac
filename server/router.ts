import type { AuditLog } from './audit/audit-log.ts';
import { auditRouter } from './audit/router.ts';
import { createAdminRouter, createAuthRouter, createSetupRouter } from './auth/router.ts';
import type { Backups } from './backup/backups.ts';
import { backupRouter } from './backup/router.ts';
import { createConsoleRouter } from './console/router.ts';
import type { ConsoleServices } from './console/services.ts';
import { databaseRouter } from './db/router.ts';
import { deskRouter } from './desk/router.ts';
import type { Doctor } from './doctor/doctor.ts';
import { doctorRouter } from './doctor/router.ts';
import { createEventRouter } from './event/router.ts';
import { requireDisk } from './guest/disk-use.ts';
import { guestRouter } from './guest/router.ts';
import type { GuestServices } from './guest/services.ts';
import { hostRouter } from './host/router.ts';
import { imageRouter } from './image/router.ts';
import type { ImageService } from './image/service.ts';
import { createServerRouter, type ServerServices } from './instance/router.ts';
import { isolationRouter } from './isolation/router.ts';
import { metricsRouter } from './metrics/router.ts';
import type { UsageSampler } from './metrics/sampler.ts';
import { noticeRouter } from './notice/router.ts';
import type { NoticeServices } from './notice/services.ts';
import { oidcRouter } from './oidc/router.ts';
import type { StoppableRunner } from './operation/create-operation-runner.ts';
import { createOperationRouter } from './operation/router.ts';
import type { PresenceBook } from './presence/presence-book.ts';
import { presenceRouter } from './presence/router.ts';
import { projectRouter } from './project/router.ts';
import { createRecordingRouter } from './recording/router.ts';
import { tokenRouter } from './token/router.ts';
import { trashRouter } from './trash/router.ts';
import { router } from './trpc.ts';
import { accountRouter } from './user/account-router.ts';
import { roleRouter } from './user/role-router.ts';
import { linkRouter, userRouter } from './user/router.ts';
import type { UserServices } from './user/services.ts';
import { viewRouter } from './view/router.ts';
import { volumeRouter } from './volume/router.ts';
import type { VolumeService } from './volume/service.ts';

export interface AppServices {
  guests: GuestServices;
  images: ImageService;
  volumes: VolumeService;
  backups: Pick<Backups, 'list' | 'make' | 'setSchedule' | 'tryOne'>;
  doctor: Pick<Doctor, 'check' | 'mend'>;
  operations: StoppableRunner;
  console: ConsoleServices;
  presence: PresenceBook;
  sampler: UsageSampler;
  users: UserServices;
  notices: NoticeServices;
  audit: AuditLog;
  server: ServerServices;
}

/** The table of contents of the API (ARCHITECTURE.md). */
export function createAppRouter({
  guests,
  images,
  volumes,
  backups,
  doctor,
  operations,
  console,
  presence,
  sampler,
  users,
  notices,
  audit,
  server,
}: AppServices) {
  const { db, env, events } = guests;
  const guestId = (ref: string) => guests.guests.ref(ref);
  const dns = () => server.processes().dns !== null;
  return router({
    setup: createSetupRouter(users),
    auth: createAuthRouter({ db }),
    database: databaseRouter(),
    admin: createAdminRouter({ db, env, events }),
    account: accountRouter(users),
    link: linkRouter(users),
    user: userRouter(users),
    role: roleRouter(users),
    token: tokenRouter(users),
    oidc: oidcRouter(users),
    audit: auditRouter({ db, audit, guestId }),
    server: createServerRouter(server),
    guest: guestRouter(guests),
    trash: trashRouter(guests),
    project: projectRouter(guests, users),
    image: imageRouter(images),
    isolation: isolationRouter(guests),
    view: viewRouter(guests),
    volume: volumeRouter(volumes, (project) => requireDisk(guests, project)),
    backup: backupRouter(backups),
    doctor: doctorRouter(doctor),
    operation: createOperationRouter({ db, operations }),
    event: createEventRouter({ events }),
    metrics: metricsRouter(guests, sampler),
    host: hostRouter(guests, { version: server.version, dns }),
    console: createConsoleRouter(console),
    recording: createRecordingRouter(console),
    notice: noticeRouter(notices),
    desk: deskRouter({ db, guestId }),
    presence: presenceRouter({ presence, events, guestId }),
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;
