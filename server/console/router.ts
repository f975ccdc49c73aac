import { z } from 'zod';
import { guestRef } from '../guest/schema.ts';
import { type RequestContext, router, userProcedure } from '../trpc.ts';
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
    openShell: userProcedure
      .input(openShellInput)
      .mutation(({ ctx, input }) => openShell(services, holderOf(ctx), input)),
    ticket: userProcedure
      .input(z.union([sessionRef, guestRef]))
      .mutation(({ ctx, input }) => issueTicket(services, holderOf(ctx), input)),
    exec: userProcedure
      .input(execInput)
      .mutation(({ ctx, input }) => issueExecTicket(services, holderOf(ctx), input)),
    upload: userProcedure
      .input(uploadInput)
      .mutation(({ ctx, input }) => issueUploadTicket(services, holderOf(ctx), input)),
    sessions: userProcedure.input(guestRef).query(({ input }) => listSessions(services, input)),
    all: userProcedure.query(() => listAllSessions(services)),
    rename: userProcedure
      .input(renameSessionInput)
      .mutation(({ ctx, input }) => renameSession(services, ctx.actor, input)),
    close: userProcedure
      .input(sessionRef)
      .mutation(({ ctx, input }) => closeSession(services, ctx.actor, input)),
  });
}
