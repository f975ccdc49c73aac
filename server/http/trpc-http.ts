import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnyTRPCRouter } from '@trpc/server';
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http';
import { AppError } from '../errors/app-error.ts';
import { ERROR_TABLE } from '../errors/error-table.ts';
import type { RequestContext, Surroundings } from '../trpc.ts';
import { addressOf, type Caller, type Transport } from './identify-request.ts';

export const TRPC_PATH = '/api/trpc';
const LONGEST_BODY = 4 * 1024 * 1024;
const MOST_IN_A_BATCH = 50;

/** What a request's procedures know of it. */
export function contextOf(
  request: IncomingMessage,
  of: Surroundings & { caller: Caller; transport: Transport },
): RequestContext {
  const responseHeaders = new Headers();
  for (const cookie of of.caller.setCookies) responseHeaders.append('set-cookie', cookie);
  return {
    actor: of.caller.actor,
    sessionId: of.caller.sessionId,
    transport: of.transport,
    ip: addressOf(request),
    headers: request.headers,
    responseHeaders,
    guard: of.guard,
    database: of.database,
    answers: of.answers,
    audit: of.audit,
    log: of.log,
  };
}

/** Throws `bad_input` when the percent signs of a path are none of a URL's. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new AppError('bad_input', `the path ${path} is not one of a URL`, { cause });
  }
}

/** Answer one HTTP request to `/api/trpc/*`. */
export async function handleTrpc(
  router: AnyTRPCRouter,
  exchange: { request: IncomingMessage; response: ServerResponse },
  context: RequestContext,
): Promise<void> {
  const { request: req, response: res } = exchange;
  const path = (req.url ?? '').split('?')[0]?.slice(TRPC_PATH.length + 1) ?? '';
  await nodeHTTPRequestHandler({
    router,
    req,
    res,
    path: decoded(path),
    createContext: async () => context,
    maxBodySize: LONGEST_BODY,
    maxBatchSize: MOST_IN_A_BATCH,
    responseMeta: ({ errors }) => {
      const cause = errors.length === 1 ? errors[0]?.cause : undefined;
      const status = cause instanceof AppError ? ERROR_TABLE[cause.code].http : undefined;
      const headers = new Headers(context.responseHeaders);
      headers.set('cache-control', 'no-store');
      return { headers, ...(status === undefined ? {} : { status }) };
    },
  });
}
