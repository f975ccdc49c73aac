import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Auth } from '../auth/create-auth.ts';
import { signInInput } from '../auth/schema.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { SignIn } from '../auth/sign-in.ts';
import { forgetCookie, signOut } from '../auth/sign-out.ts';
import type { DatabaseState } from '../db/database-state.ts';
import type { Env } from '../env.ts';
import { AppError } from '../errors/app-error.ts';
import { parseInput } from '../errors/parse-input.ts';
import type { OidcSignIn } from '../oidc/oidc-sign-in.ts';
import { beginOidcInput, CALLBACK_PATH } from '../oidc/schema.ts';
import type { PasskeySignIn } from '../passkey/passkey-sign-in.ts';
import { enterPasskeyInput } from '../passkey/schema.ts';
import { whyAway } from '../why-away.ts';
import { readJson, sendJson } from './answer.ts';
import { addressOf } from './identify-request.ts';
import { endOidc } from './oidc-callback.ts';
import { recordSignIn, writtenFrom } from './record-sign-in.ts';

export interface AuthServices {
  auth: Auth;
  signIn: SignIn;
  passkeySignIn: PasskeySignIn;
  oidc: OidcSignIn;
  sessions: Pick<Sessions, 'identify' | 'end'>;
  database: DatabaseState;
  audit: AuditLog;
  env: Env;
}

type Route = (services: AuthServices, request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The one thing that is done also while the database is away: here at once, there as soon as it is back. */
const SIGN_OUT = 'POST /api/auth/sign-out';

/** All there is below `/api/auth/`; nothing else of better-auth is reachable. */
const ROUTES: Record<string, Route> = {
  'POST /api/auth/sign-in/username': async ({ signIn, audit }, request, response) => {
    const input = parseInput(signInInput, await readJson(request));
    const by = { username: input.username };
    const { user, setCookies } = await recordSignIn(audit, { request, by }, () =>
      signIn.run(input, askingOf(request)),
    );
    response.setHeader('set-cookie', setCookies);
    sendJson(response, 200, { user });
  },
  'POST /api/auth/passkey/begin': async ({ passkeySignIn }, request, response) =>
    sendJson(response, 200, await passkeySignIn.begin(askingOf(request))),
  'POST /api/auth/sign-in/passkey': async ({ passkeySignIn, audit }, request, response) => {
    const input = parseInput(enterPasskeyInput, await readJson(request));
    const by = { passkey: input.response.id.slice(0, 64) };
    const { user, setCookies } = await recordSignIn(audit, { request, by }, () =>
      passkeySignIn.run(input, askingOf(request)),
    );
    response.setHeader('set-cookie', setCookies);
    sendJson(response, 200, { user });
  },
  'POST /api/auth/oidc/begin': async ({ oidc }, request, response) => {
    const input = parseInput(beginOidcInput, await readJson(request));
    const { url, cookie } = await oidc.begin({ ...input, linkTo: null }, askingOf(request));
    response.setHeader('set-cookie', cookie);
    sendJson(response, 200, { url });
  },
  [`GET ${CALLBACK_PATH}`]: endOidc,
  [SIGN_OUT]: async ({ auth, sessions, database, audit, env }, request, response) => {
    const login = await sessions.identify(request.headers);
    if (login !== null) await sessions.end(login.sessionId);
    const isThere = database.awaySince() === null;
    response.setHeader('set-cookie', isThere ? await signOut(auth, request.headers) : forgetCookie(env));
    if (login !== null) {
      const { id, username } = login.actor;
      await audit.write({
        ...{ ...writtenFrom(request), action: 'auth.signOut', input: '{}' },
        ...{ actor: username, actorId: id, outcome: 'done', reason: null },
      });
    }
    sendJson(response, 200, { success: true });
  },
};

const askingOf = (request: IncomingMessage) => ({ ip: addressOf(request), headers: request.headers });

/**
 * `/api/auth/*`: `POST sign-in/username` with `{ username, password, code? }` and `POST sign-in/passkey` with the device's answer to `POST
 * passkey/begin` answer `{ user }` and set the cookie, `POST sign-out` takes it away. `POST oidc/begin` answers `{ url }`
 * of a provider, which sends the browser back to `GET oidc/callback`. Throws AppError.
 */
export async function handleAuth(
  services: AuthServices,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = `${request.method} ${(request.url ?? '').split('?')[0]}`;
  const route = Object.hasOwn(ROUTES, asked) ? ROUTES[asked] : undefined;
  if (route === undefined) throw new AppError('not_found', `there is nothing at ${asked}`);
  const away = asked === SIGN_OUT ? null : await whyAway(services.database, asked);
  if (away) throw away;
  await route(services, request, response);
}
