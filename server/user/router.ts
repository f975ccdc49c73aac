import { AttemptLimit } from '../auth/attempt-limit.ts';
import { networkOf } from '../auth/network-of.ts';
import { AppError } from '../errors/app-error.ts';
import { setMailInput } from '../oidc/schema.ts';
import { setMail } from '../oidc/set-mail.ts';
import { allowed, publicProcedure, rootProcedure, router } from '../trpc.ts';
import { acceptLink, readLink } from './accept-link.ts';
import { answerCookies } from './answer-cookies.ts';
import { findPerson } from './change-people.ts';
import { createUser } from './create-user.ts';
import { deleteUser, setDisabled } from './disable-user.ts';
import { forgetDevice } from './forget-device.ts';
import { grantRole, takeRole } from './grant-role.ts';
import { inviteUser, resetUser, withdrawLink } from './invite-user.ts';
import { listLinks, listLogins, listPeople } from './list-people.ts';
import { revokeSessions } from './revoke-sessions.ts';
import {
  acceptLinkInput,
  createUserInput,
  grantInput,
  inviteInput,
  readLinkInput,
  revokeInput,
  userRef,
  withdrawInput,
} from './schema.ts';
import type { UserServices } from './services.ts';

const manage = allowed('people.manage', 'everything');
const view = allowed('people.view', 'everything');

/** `user.*`: who there is, where they are signed in, and what they may do. */
export function userRouter(services: UserServices) {
  const { db } = services;
  return router({
    list: view.query(() => listPeople(db)),
    links: manage.query(() => listLinks(db)),
    sessions: manage
      .input(userRef)
      .query(async ({ ctx, input }) =>
        listLogins(db, (await findPerson(db, input.username)).id, ctx.sessionId),
      ),
    invite: manage.input(inviteInput).mutation(({ ctx, input }) => inviteUser(services, ctx.actor, input)),
    withdraw: manage
      .input(withdrawInput)
      .mutation(({ ctx, input }) => withdrawLink(services, ctx.actor, input)),
    create: rootProcedure
      .input(createUserInput)
      .mutation(({ ctx, input }) => createUser(services, ctx.actor, input)),
    disable: manage
      .input(userRef)
      .mutation(({ ctx, input }) => setDisabled(services, ctx.actor, { ...input, disabled: true })),
    enable: manage
      .input(userRef)
      .mutation(({ ctx, input }) => setDisabled(services, ctx.actor, { ...input, disabled: false })),
    delete: manage.input(userRef).mutation(({ ctx, input }) => deleteUser(services, ctx.actor, input)),
    reset: manage.input(userRef).mutation(({ ctx, input }) => resetUser(services, ctx.actor, input)),
    forgetDevice: manage
      .input(userRef)
      .mutation(({ ctx, input }) => forgetDevice(services, ctx.actor, input)),
    setMail: manage.input(setMailInput).mutation(({ ctx, input }) => setMail(services, ctx.actor, input)),
    revoke: manage
      .input(revokeInput)
      .mutation(({ ctx, input }) => revokeSessions(services, ctx.actor, input)),
    grant: manage.input(grantInput).mutation(({ ctx, input }) => grantRole(services, ctx.actor, input)),
    take: manage.input(grantInput).mutation(({ ctx, input }) => takeRole(services, ctx.actor, input)),
  });
}

/** `link.*`: for whoever has one. Both are mutations, so that no log has the token in an address. */
export function linkRouter(services: UserServices) {
  const tries = new AttemptLimit(20, 300_000);
  return router({
    read: publicProcedure.input(readLinkInput).mutation(({ ctx, input }) => {
      tries.take(networkOf(ctx.ip));
      return readLink(services, input);
    }),
    accept: publicProcedure.input(acceptLinkInput).mutation(async ({ ctx, input }) => {
      tries.take(networkOf(ctx.ip));
      const { username } = await acceptLink(services, input);
      try {
        const { setCookies } = await services.signIn.run({ username, password: input.password }, ctx);
        answerCookies(ctx, setCookies);
        return { username, signedIn: true };
      } catch (error) {
        // Another password is set; a device is asked for its code where they sign in.
        if (!(error instanceof AppError) || error.field?.[0] !== 'code') throw error;
        return { username, signedIn: false };
      }
    }),
  });
}
