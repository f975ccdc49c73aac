import { confirmSelf } from '../auth/confirm-self.ts';
import type { Self } from '../auth/two-factor.ts';
import { AppError } from '../errors/app-error.ts';
import { listLinked, unlink } from '../oidc/links.ts';
import { linkInput, providerRef } from '../oidc/schema.ts';
import {
  addPasskey,
  beginPasskey,
  listPasskeys,
  removePasskey,
  renamePasskey,
} from '../passkey/own-passkeys.ts';
import { addPasskeyInput, passkeyRef, renamePasskeyInput } from '../passkey/schema.ts';
import type { Actor } from '../platform.ts';
import { createOwnTokenInput, tokenRef } from '../token/schema.ts';
import { createToken, deleteToken, listTokens } from '../token/tokens.ts';
import { type RequestContext, router, selfProcedure } from '../trpc.ts';
import { answerCookies } from './answer-cookies.ts';
import { changePassword } from './change-password.ts';
import { listLogins } from './list-people.ts';
import { revokeOwn } from './revoke-sessions.ts';
import { changePasswordInput, confirmDeviceInput, ownPasswordInput, ownRevokeInput } from './schema.ts';
import type { UserServices } from './services.ts';

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
    passkeys: selfProcedure.query(({ ctx }) => listPasskeys(db, own(ctx).id)),
    beginPasskey: selfProcedure
      .input(ownPasswordInput)
      .mutation(({ ctx, input }) => beginPasskey(db, selfOf(ctx), input.password)),
    addPasskey: selfProcedure
      .input(addPasskeyInput)
      .mutation(({ ctx, input }) => addPasskey(db, selfOf(ctx), input)),
    renamePasskey: selfProcedure
      .input(renamePasskeyInput)
      .mutation(({ ctx, input }) => renamePasskey(db, own(ctx).id, input)),
    deletePasskey: selfProcedure
      .input(passkeyRef)
      .mutation(({ ctx, input }) => removePasskey(db, own(ctx).id, input.passkey)),
    links: selfProcedure.query(({ ctx }) => listLinked(db, own(ctx).id)),
    beginLink: selfProcedure.input(linkInput).mutation(async ({ ctx, input }) => {
      const { id: userId, username, headers } = selfOf(ctx);
      await confirmSelf(db, { id: userId }, input.password);
      const linkTo = { userId, username, session: ctx.sessionId ?? '' };
      const asked = { provider: input.provider, next: '/account', linkTo };
      const { url, cookie } = await services.oidc.begin(asked, { ip: ctx.ip, headers });
      answerCookies(ctx, [cookie]);
      return { url };
    }),
    unlink: selfProcedure
      .input(providerRef)
      .mutation(({ ctx, input }) => unlink(db, own(ctx).id, input.provider)),
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
