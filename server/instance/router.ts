import { rootProcedure, router } from '../trpc.ts';

/** A process of ours, as `berth status` shows it. */
export interface ProcessView {
  pid: number;
}

export interface ServerServices {
  version: string;
  startedAt: Date;
  /** Null where one does not run. */
  processes(): { database: ProcessView | null; dns: ProcessView | null };
  /** Delete every guest and image and take the network down: before the data folder is removed. */
  retire(): Promise<void>;
}

/** `server.*`: for root. */
export function createServerRouter(services: ServerServices) {
  return router({
    status: rootProcedure.query(() => ({
      version: services.version,
      startedAt: services.startedAt.toISOString(),
      processes: { server: { pid: process.pid }, ...services.processes() },
    })),
    retire: rootProcedure.mutation(async () => {
      await services.retire();
      return { retired: true };
    }),
  });
}
