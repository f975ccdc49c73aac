import { rightsView } from '../access/may.ts';
import { type GuestsIn, readRights } from '../access/read-grants.ts';
import type { Db } from '../db/client.ts';
import type { Env } from '../env.ts';
import { consoleUrl } from '../instance/console-url.ts';
import { publicProcedure, rootProcedure, router } from '../trpc.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { createAdmin } from './create-admin.ts';
import { createLink } from './create-link.ts';
import { networkOf } from './network-of.ts';
import { createAdminInput, setPrivilegedInput, type UserView } from './schema.ts';
import { setPrivileged } from './set-privileged.ts';
import type { SignIn } from './sign-in.ts';

/** `auth.me`. Signing in and out is not a procedure: /api/auth/sign-in/username and /api/auth/sign-out. */
export function createAuthRouter({ db, guestsIn }: { db: Db; guestsIn: GuestsIn }) {
  return router({
    me: publicProcedure.query(async ({ ctx }): Promise<{ user: UserView | null }> => {
      if (ctx.actor?.kind !== 'user') return { user: null };
      const { id, username } = ctx.actor;
      const row = await db.user.findUnique({ where: { id }, select: { name: true, privileged: true } });
      const { name = username, privileged = false } = row ?? {};
      const read = await readRights(db, ctx.actor, guestsIn);
      const rights = rightsView(read.unlimited ? [] : read.grants);
      return { user: { id, username, name, privileged, rights } };
    }),
  });
}

/** `admin.*`: for root. */
export function createAdminRouter({ db, env }: { db: Db; env: Env }) {
  return router({
    createLink: rootProcedure.mutation(async () => {
      const link = await createLink(db);
      return { ...link, url: `${consoleUrl(env)}${link.path}` };
    }),
    setPrivileged: rootProcedure.input(setPrivilegedInput).mutation(({ input }) => setPrivileged(db, input)),
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
