import type { IncomingMessage } from 'node:http';
import type { Env } from '../env.ts';
import { AppError } from '../errors/app-error.ts';

type Guarded = Pick<IncomingMessage, 'headers' | 'method'>;

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** The host that the browser asked for, as the web process saw it. */
function askedHost({ headers }: Guarded): string | undefined {
  return first(headers['x-forwarded-host']) ?? headers.host;
}

function isOurs(origin: string, request: Guarded, env: Pick<Env, 'publicOrigins' | 'plainHttp'>): boolean {
  if (env.publicOrigins.length > 0) return env.publicOrigins.includes(origin);
  const scheme = env.plainHttp ? 'http' : 'https';
  return origin === `${scheme}://${askedHost(request)}`;
}

/**
 * Keep other sites from acting with a browser's cookies. Throws AppError `forbidden` unless the page that sends the
 * request is Berth's own. `strict`: a change or a WebSocket, which says where it comes from.
 */
export function checkOrigin(
  request: Guarded,
  env: Pick<Env, 'publicOrigins' | 'plainHttp'>,
  strict: 'mutation' | 'socket' | 'read',
): void {
  const { origin } = request.headers;
  const site = first(request.headers['sec-fetch-site']);
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new AppError('forbidden', `a request of another site (${site}) is not taken`);
  }
  if (origin !== undefined && !isOurs(origin, request, env)) {
    throw new AppError(
      'forbidden',
      `a request from ${JSON.stringify(origin)} is not taken: it is not this console's own page`,
    );
  }
  // A browser adds no token by itself, and a cookie beside one counts for nothing (sessions.ts).
  if (request.headers.authorization !== undefined) return;
  if (strict === 'socket' && origin === undefined) {
    throw new AppError('forbidden', 'a WebSocket needs an Origin header');
  }
  // Another site cannot set a header of its own without asking first (Fetch, CORS preflight).
  if (strict === 'mutation' && first(request.headers['x-berth']) !== '1') {
    throw new AppError('forbidden', 'a change needs the header x-berth: 1');
  }
}
