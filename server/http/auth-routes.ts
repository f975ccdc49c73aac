import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Auth } from '../auth/create-auth.ts';
import { signInInput } from '../auth/schema.ts';
import type { SignIn } from '../auth/sign-in.ts';
import { signOut } from '../auth/sign-out.ts';
import { AppError } from '../errors/app-error.ts';
import { explainInput } from '../errors/explain-input.ts';
import { readJson, sendJson } from './answer.ts';
import { addressOf } from './identify-request.ts';

/**
 * `/api/auth/*`: `POST sign-in/username` with `{ username, password }` answers `{ user }` and sets the cookie,
 * `POST sign-out` takes it away. Nothing else of better-auth is reachable. Throws AppError.
 */
export async function handleAuth(
  services: { auth: Auth; signIn: SignIn },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  if (request.method !== 'POST')
    throw new AppError('not_found', `there is nothing to ${request.method} at ${path}`);
  if (path === '/api/auth/sign-in/username') {
    const input = await readJson(request);
    const parsed = signInInput.safeParse(input);
    if (!parsed.success) throw explainInput(parsed.error, input);
    const { user, setCookies } = await services.signIn.run(parsed.data, {
      ip: addressOf(request),
      headers: request.headers,
    });
    response.setHeader('set-cookie', setCookies);
    return sendJson(response, 200, { user });
  }
  if (path === '/api/auth/sign-out') {
    response.setHeader('set-cookie', await signOut(services.auth, request.headers));
    return sendJson(response, 200, { success: true });
  }
  throw new AppError('not_found', `there is nothing at ${path}`);
}
