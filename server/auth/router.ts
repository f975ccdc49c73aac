import { rightsView } from '../access/may.ts';
import type { Db } from '../db/client.ts';
import { withLastKnown } from '../db/with-last-known.ts';
import { consoleUrl } from '../instance/console-url.ts';
import type { Platform } from '../platform.ts';
import { publicProcedure, rootProcedure, router } from '../trpc.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { createAdmin } from './create-admin.ts';
import { createLink } from './create-link.ts';
import { networkOf } from './network-of.ts';
import { createAdminInput, setPrivilegedInput, type UserView } from './schema.ts';
import { setPrivileged } from './set-privileged.ts';
import type { SignIn } from './sign-in.ts';

/** `auth.me`. Signing in and out is not a procedure: /api/auth/sign-in/username and /api/auth/sign-out. */
export function createAuthRouter({ db }: { db: Db }) {
  return router({
    me: publicProcedure.query(async ({ ctx }): Promise<{ user: UserView | null }> => {
      if (ctx.actor?.kind !== 'user') return { user: null };
      const { id, username } = ctx.actor;
      const row = await withLastKnown(ctx.database, {
        ask: () => db.user.findUnique({ where: { id }, select: { name: true, privileged: true } }),
        last: () => ({ name: username, privileged: false }),
      });
      const { name = username, privileged = false } = row ?? {};
      const read = await ctx.guard.rightsOf(ctx.actor);
      const rights = rightsView(read.unlimited ? [] : read.grants);
      return { user: { id, username, name, privileged, rights } };
    }),
  });
}

/** `admin.*`: for root. */
export function createAdminRouter({ db, env, events }: Pick<Platform, 'db' | 'env' | 'events'>) {
  return router({
    createLink: rootProcedure.mutation(async () => {
      const link = await createLink(db);
      return { ...link, url: `${consoleUrl(env)}${link.path}` };
    }),
    setPrivileged: rootProcedure
      .input(setPrivilegedInput)
      .mutation(({ input }) => setPrivileged({ db, events }, input)),
  });
}

/** `setup.*`: the way in before anybody can sign in. */
export function createSetupRouter({ db, signIn }: { db: Db; signIn: SignIn }) {
  const tries = new AttemptLimit(20, 300_000);
  return router({
    state: publicProcedure.query(async () => ({ needsAdmin: (await db.user.count()) === 0 })),
    createAdmin: publicProcedure.input(createAdminInput).mutation(async ({ ctx, input }) => {
      tries.take(networkOf(ctx.ip));
      const { username } = await createAdmin(db, input);
      const { setCookies } = await signIn.run({ username, password: input.password }, ctx);
      for (const cookie of setCookies) ctx.responseHeaders.append('set-cookie', cookie);
      return { username };
    }),
  });
}
