import type { IncomingHttpHeaders } from 'node:http';
import { initTRPC, TRPCError } from '@trpc/server';
import type { Guard, Locator } from './access/guard.ts';
import { judgedAgain } from './access/judge-again.ts';
import type { Permission } from './access/schema.ts';
import type { AuditLog } from './audit/audit-log.ts';
import { beginCall } from './audit/audit-mutation.ts';
import { inCall } from './audit/current-call.ts';
import { countSubscription } from './count-subscriptions.ts';
import type { DatabaseState } from './db/database-state.ts';
import { AppError } from './errors/app-error.ts';
import { errorBody } from './errors/error-body.ts';
import { ERROR_TABLE } from './errors/error-table.ts';
import { explainDatabase } from './errors/explain-database.ts';
import { explainInput } from './errors/explain-input.ts';
import { failpoint } from './failpoint/failpoint.ts';
import type { LastAnswers } from './last-answers.ts';
import type { Actor, Log } from './platform.ts';
import { whyAway } from './why-away.ts';

/** What a procedure knows of the request. Services come to routers through their factories instead. */
export interface RequestContext {
  /** Null: nobody signed in. On the admin socket always root. */
  actor: Actor | null;
  /** The session of a user's request; null for root and for nobody. */
  sessionId: string | null;
  transport: 'admin' | 'web';
  /** Address of the browser, as the web process saw it. */
  ip: string;
  headers: IncomingHttpHeaders;
  /** Headers for the answer, cookies among them; without effect on a WebSocket. */
  responseHeaders: Headers;
  guard: Guard;
  database: DatabaseState;
  answers: LastAnswers;
  audit: AuditLog;
  log: Log;
}

/** What is the same for every request. */
export type Surroundings = Pick<RequestContext, 'guard' | 'database' | 'answers' | 'audit' | 'log'>;

/** Who may call a procedure: it is declared by the procedure it is built on. */
export interface ProcedureMeta {
  /** `self`: whoever is signed in, about their own account. */
  permission: 'public' | 'self' | 'root' | Permission;
  /** What the permission is needed for. */
  on?: Locator;
}

const t = initTRPC
  .context<RequestContext>()
  .meta<ProcedureMeta>()
  .create({
    isDev: false,
    errorFormatter: ({ shape, error }) => ({
      code: shape.code,
      message: errorBody(error).message,
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        path: shape.data.path,
        berth: errorBody(error),
      },
    }),
  });

/** Gives every failure its code: expected ones by the table, wrong input explained, surprises logged whole. */
const translateErrors = t.middleware(async ({ ctx, path, next, getRawInput, type }) => {
  const result = await next();
  if (type === 'mutation') await failpoint('http.answer', 'before');
  if (result.ok) return result;
  const { cause: thrown } = result.error;
  const cause = explainDatabase(thrown) ?? thrown;
  if (cause instanceof AppError) {
    const { trpc } = ERROR_TABLE[cause.code];
    if (trpc === 'INTERNAL_SERVER_ERROR') ctx.log.error(`${path} failed`, { error: cause });
    throw new TRPCError({ code: trpc, message: cause.message, cause });
  }
  if (result.error.code === 'BAD_REQUEST') {
    const explained = explainInput(cause, await getRawInput());
    throw new TRPCError({ code: 'BAD_REQUEST', message: explained.message, cause: explained });
  }
  if (result.error.code === 'INTERNAL_SERVER_ERROR')
    ctx.log.error(`${path} failed by surprise`, { error: cause ?? result.error });
  return result;
});

/** Every mutation is written down with who asked for it, also when it was refused: with its change, or directly after. */
const auditMutations = t.middleware(async ({ ctx, path, meta, type, getRawInput, next }) => {
  if (type !== 'mutation') return next();
  const input = await getRawInput().catch(() => undefined);
  const away = await whyAway(ctx.database, path);
  if (away !== null) {
    // Without a look at what it is about, which the database has.
    const refused = await beginCall(ctx, { path, on: undefined, input });
    if (refused) await ctx.audit.end(refused, away);
    throw new TRPCError({ code: ERROR_TABLE[away.code].trpc, message: away.message, cause: away });
  }
  const call = await beginCall(ctx, { path, on: meta?.on, input });
  if (call === null) return next();
  const result = await inCall(call, () => next());
  await ctx.audit.end(call, result.ok ? null : (result.error.cause ?? result.error));
  return result;
});

/** What is thrown while a subscription runs passes no middleware: it is translated here. */
const limitSubscriptions = t.middleware(async ({ ctx, next, type }) => {
  const result = await next();
  if (type !== 'subscription' || !result.ok) return result;
  return { ...result, data: translated(countSubscription(ctx, result.data as AsyncIterable<unknown>)) };
});

async function* translated(values: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  try {
    yield* values;
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new TRPCError({ code: ERROR_TABLE[cause.code].trpc, message: cause.message, cause });
  }
}

const baseProcedure = t.procedure.use(auditMutations).use(translateErrors).use(limitSubscriptions);

export const router = t.router;

/** Anyone who reaches a socket. */
export const publicProcedure = baseProcedure.meta({ permission: 'public' });

function signedIn(actor: Actor | null): Actor {
  if (actor === null) throw new AppError('unauthenticated', 'nobody is signed in: sign in first');
  return actor;
}

/** Somebody signed in, or root on the admin socket, about their own account and nothing else. `ctx.actor` is who. */
export const selfProcedure = baseProcedure
  .meta({ permission: 'self' })
  .use(({ ctx, next }) => next({ ctx: { ...ctx, actor: inPerson(signedIn(ctx.actor)) } }));

/** Passwords, sessions and tokens are for people: a token must be no way to another one. */
function inPerson(actor: Actor): Actor {
  if (actor.kind !== 'user' || !actor.token) return actor;
  throw new AppError(
    'forbidden',
    `the token ${actor.token.name} changes nothing of the account that it is for: sign in as ${actor.username}`,
  );
}

/**
 * Whoever has a permission for what the input names (server/access/guard.ts), judged before the input is looked at any further;
 * root on the admin socket has all. `ctx.actor` is who, `ctx.rights` what they may.
 */
export function allowed(permission: Permission, on: Locator) {
  return baseProcedure.meta({ permission, on }).use(async ({ ctx, getRawInput, next, path, type }) => {
    const actor = signedIn(ctx.actor);
    const input = on === 'everything' || on === 'any' ? undefined : await getRawInput();
    const judge = () => ctx.guard.require(actor, permission, on, input);
    const rights = await judge();
    await ctx.guard.requireHere(path, on, input);
    const kept = type === 'query' ? ctx.answers.of(actor, path, await getRawInput()) : null;
    const result = await next({ ctx: { ...ctx, actor, rights } });
    if (kept !== null) {
      if (result.ok) kept.keep(result.data);
      const last =
        result.ok || explainDatabase(result.error.cause)?.code !== 'unavailable' ? null : kept.last();
      if (last !== null) return { ok: true as const, data: last, marker: result.marker };
    }
    // What is about one thing goes on only while one may see it; lists look for themselves.
    if (type !== 'subscription' || !result.ok || on === 'everything' || on === 'any') return result;
    return { ...result, data: judgedAgain(result.data as AsyncIterable<unknown>, judge) };
  });
}

/** Root on the admin socket, and nobody else. */
export const rootProcedure = baseProcedure.meta({ permission: 'root' }).use(({ ctx, next }) => {
  const { actor } = ctx;
  if (ctx.transport !== 'admin' || actor?.kind !== 'root') {
    throw new AppError('forbidden', 'only root on this host may do that: use the berth command');
  }
  return next({ ctx: { ...ctx, actor } });
});
