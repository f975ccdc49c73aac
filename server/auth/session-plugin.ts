import { APIError, createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';

/** Lets the server make a session of better-auth for whom it has made out by itself. It has no path, so no request reaches it. */
export function sessionPlugin() {
  return {
    id: 'berth-open-session',
    endpoints: {
      openSession: createAuthEndpoint.serverOnly(
        { method: 'POST', body: z.object({ userId: z.string() }) },
        async (ctx) => {
          const { internalAdapter } = ctx.context;
          const user = await internalAdapter.findUserById(ctx.body.userId);
          if (!user) throw new APIError('UNAUTHORIZED');
          await setSessionCookie(ctx, { session: await internalAdapter.createSession(user.id), user });
          return ctx.json({ id: user.id });
        },
      ),
    },
  };
}
