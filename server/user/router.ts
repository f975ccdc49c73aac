import { AttemptLimit } from '../auth/attempt-limit.ts';
import { networkOf } from '../auth/network-of.ts';
import type { Self } from '../auth/two-factor.ts';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { createOwnTokenInput, tokenRef } from '../token/schema.ts';
import { createToken, deleteToken, listTokens } from '../token/tokens.ts';
import {
  allowed,
  publicProcedure,
  type RequestContext,
  rootProcedure,
  router,
  selfProcedure,
} from '../trpc.ts';
import { acceptLink, readLink } from './accept-link.ts';
import { changePassword } from './change-password.ts';
import { findPerson } from './change-people.ts';
import { createUser } from './create-user.ts';
import { deleteUser, setDisabled } from './disable-user.ts';
import { forgetDevice } from './forget-device.ts';
import { grantRole, takeRole } from './grant-role.ts';
import { inviteUser, resetUser, withdrawLink } from './invite-user.ts';
import { listLinks, listLogins, listPeople } from './list-people.ts';
import { revokeOwn, revokeSessions } from './revoke-sessions.ts';
import {
  acceptLinkInput,
  changePasswordInput,
  confirmDeviceInput,
  createUserInput,
  grantInput,
  inviteInput,
  ownPasswordInput,
  ownRevokeInput,
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
    revoke: manage
      .input(revokeInput)
      .mutation(({ ctx, input }) => revokeSessions(services, ctx.actor, input)),
    grant: manage.input(grantInput).mutation(({ ctx, input }) => grantRole(services, ctx.actor, input)),
    take: manage.input(grantInput).mutation(({ ctx, input }) => takeRole(services, ctx.actor, input)),
  });
}

/** `account.*`: one's own. */
export function accountRouter(services: UserServices) {
  const { db } = services;
  return router({
    sessions: selfProcedure.query(({ ctx }) => listLogins(db, own(ctx).id, ctx.sessionId)),
    revoke: selfProcedure
      .input(ownRevokeInput)
      .mutation(({ ctx, input }) => revokeOwn(services, own(ctx), input.session)),
    twoFactor: selfProcedure.query(async ({ ctx }) => ({ on: await hasDevice(services, own(ctx).id) })),
    beginTwoFactor: selfProcedure
      .input(ownPasswordInput)
      .mutation(({ ctx, input }) => services.twoFactor.begin(selfOf(ctx), input.password)),
    confirmTwoFactor: selfProcedure.input(confirmDeviceInput).mutation(async ({ ctx, input }) => {
      answerCookies(ctx, await services.twoFactor.confirm(selfOf(ctx), input.code));
      return {};
    }),
    endTwoFactor: selfProcedure.input(ownPasswordInput).mutation(async ({ ctx, input }) => {
      answerCookies(ctx, await services.twoFactor.end(selfOf(ctx), input.password));
      return {};
    }),
    newRecoveryCodes: selfProcedure
      .input(ownPasswordInput)
      .mutation(({ ctx, input }) => services.twoFactor.newCodes(selfOf(ctx), input.password)),
    tokens: selfProcedure.query(({ ctx }) => listTokens(services, own(ctx).id)),
    createToken: selfProcedure
      .input(createOwnTokenInput)
      .mutation(({ ctx, input }) => createToken(services, own(ctx).id, input)),
    deleteToken: selfProcedure
      .input(tokenRef)
      .mutation(({ ctx, input }) => deleteToken(services, input, own(ctx).id)),
    changePassword: selfProcedure
      .input(changePasswordInput)
      .mutation(({ ctx, input }) => changePassword(services, own(ctx), input)),
  });
}

function answerCookies(
  { responseHeaders }: Pick<RequestContext, 'responseHeaders'>,
  cookies: readonly string[],
) {
  for (const cookie of cookies) responseHeaders.append('set-cookie', cookie);
}

async function hasDevice({ db }: UserServices, id: string): Promise<boolean> {
  return (await db.user.count({ where: { id, twoFactorEnabled: true } })) > 0;
}

function selfOf(ctx: Pick<RequestContext, 'headers' | 'sessionId'> & { actor: Actor }): Self {
  const { id } = own(ctx);
  return { id, username: ctx.actor.kind === 'user' ? ctx.actor.username : id, headers: ctx.headers };
}

/** Throws `bad_input` for root, who has no account. */
function own({ actor, sessionId }: { actor: Actor; sessionId: string | null }) {
  if (actor.kind === 'user') return { id: actor.id, current: sessionId };
  throw new AppError('bad_input', 'root has no account here: name a user with berth user');
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
