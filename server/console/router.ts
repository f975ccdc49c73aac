import { z } from 'zod';
import { reachOf } from '../access/may.ts';
import { guestRef } from '../guest/schema.ts';
import { allowed, type RequestContext, router } from '../trpc.ts';
import { closeSession } from './close-session.ts';
import { issueExecTicket } from './issue-exec-ticket.ts';
import { issueTicket } from './issue-ticket.ts';
import { issueUploadTicket } from './issue-upload-ticket.ts';
import { listAllSessions, listSessions } from './list-sessions.ts';
import { openShell } from './open-shell.ts';
import { renameSession } from './rename-session.ts';
import { execInput, openShellInput, renameSessionInput, sessionRef, uploadInput } from './schema.ts';
import type { ConsoleServices } from './services.ts';
import type { TicketHolder } from './tickets.ts';

type SignedIn = Pick<RequestContext, 'sessionId'> & { actor: TicketHolder['actor'] };

function holderOf(ctx: SignedIn): TicketHolder {
  return { actor: ctx.actor, login: ctx.sessionId };
}

/** Terminals and single commands. */
export function createConsoleRouter(services: ConsoleServices) {
  return router({
    openShell: allowed('console.use', 'guest')
      .input(openShellInput)
      .mutation(({ ctx, input }) => openShell(services, holderOf(ctx), input)),
    ticket: allowed('console.watch', 'session')
      .input(z.union([sessionRef, guestRef]))
      .mutation(({ ctx, input }) => issueTicket(services, holderOf(ctx), input)),
    exec: allowed('console.use', 'guest')
      .input(execInput)
      .mutation(({ ctx, input }) => issueExecTicket(services, holderOf(ctx), input)),
    upload: allowed('console.use', 'session')
      .input(uploadInput)
      .mutation(({ ctx, input }) => issueUploadTicket(services, holderOf(ctx), input)),
    sessions: allowed('console.watch', 'guest')
      .input(guestRef)
      .query(({ input }) => listSessions(services, input)),
    all: allowed('console.watch', 'any').query(({ ctx }) =>
      listAllSessions(services, reachOf(ctx.rights, 'console.watch')),
    ),
    rename: allowed('console.use', 'session')
      .input(renameSessionInput)
      .mutation(({ ctx, input }) => renameSession(services, ctx.actor, input)),
    close: allowed('console.use', 'session')
      .input(sessionRef)
      .mutation(({ ctx, input }) => closeSession(services, ctx.actor, input)),
  });
}
