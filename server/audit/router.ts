import { reachOf } from '../access/may.ts';
import type { Db } from '../db/client.ts';
import { allowed, rootProcedure, router } from '../trpc.ts';
import type { AuditLog } from './audit-log.ts';
import { listAudit } from './list-audit.ts';
import { pruneAudit } from './prune-audit.ts';
import { forwardInput, listAuditInput, pruneInput } from './schema.ts';
import { sendToSyslog } from './send-to-syslog.ts';
import { verifyAudit } from './verify-audit.ts';

export interface AuditServices {
  db: Db;
  audit: AuditLog;
  /** Id of a guest by id or name; null when there is none. */
  guestId(ref: string): string | null;
}

/** `audit.*`: who did what. */
export function auditRouter({ db, audit, guestId }: AuditServices) {
  return router({
    list: allowed('audit.view', 'list')
      .input(listAuditInput)
      .query(({ ctx, input }) => {
        const id = input.guest === undefined ? null : guestId(input.guest);
        return listAudit(db, input, { reach: reachOf(ctx.rights, 'audit.view'), guestId: id });
      }),
    verify: allowed('audit.view', 'everything').query(() => verifyAudit(db, audit)),
    forward: rootProcedure.input(forwardInput).mutation(({ input }) => sendToSyslog(db, input, guestId)),
    prune: rootProcedure
      .input(pruneInput)
      .mutation(({ input }) => pruneAudit(db, audit, new Date(input.before))),
  });
}
