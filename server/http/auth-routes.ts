import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuditLog } from '../audit/audit-log.ts';
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
  services: { auth: Auth; signIn: SignIn; audit: AuditLog },
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
    const { username } = parsed.data;
    const from = { via: 'web', address: addressOf(request).slice(0, 64), operation: null } as const;
    const record = { ...from, action: 'auth.signIn', subject: null, input: JSON.stringify({ username }) };
    const { user, setCookies } = await services.signIn
      .run(parsed.data, { ip: addressOf(request), headers: request.headers })
      .catch(async (error: unknown) => {
        const isCounted = error instanceof AppError && error.code === 'too_many';
        const reason = error instanceof AppError ? `${error.code}: ${error.message}` : 'internal';
        if (!isCounted)
          await services.audit.write({
            ...record,
            actor: 'nobody',
            actorId: null,
            outcome: 'refused',
            reason,
          });
        throw error;
      });
    await services.audit.write({
      ...record,
      ...{ actor: user.username ?? user.id, actorId: user.id, outcome: 'done', reason: null },
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
