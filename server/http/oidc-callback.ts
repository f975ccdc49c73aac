import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuditLog } from '../audit/audit-log.ts';
import type { SignedIn } from '../auth/schema.ts';
import { AppError, type ErrorCode } from '../errors/app-error.ts';
import type { OidcSignIn, Pending } from '../oidc/oidc-sign-in.ts';
import type { OidcEnd } from '../oidc/schema.ts';
import { recordSignIn, writtenFrom } from './record-sign-in.ts';

const ENDS: Partial<Record<ErrorCode, OidcEnd>> = {
  unavailable: 'unreachable',
  unauthenticated: 'refused',
  not_found: 'unknown',
  name_taken: 'taken',
  forbidden: 'disabled',
};

/**
 * A browser comes back from a provider: it is signed in or linked, and goes on to a page of ours, which tells in words of its own what did
 * not go well.
 */
export async function endOidc(
  { oidc, audit }: { oidc: OidcSignIn; audit: AuditLog },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const cookies = [oidc.endCookie];
  const go = (location: string) => {
    response.writeHead(303, { location, 'set-cookie': cookies, 'cache-control': 'no-store' });
    response.end();
  };
  const pending = await oidc.take(request.headers);
  if (pending === null) return go('/login?oidc=late');
  const back = pending.linkTo === null ? '/login' : '/account';
  try {
    const signedIn = await run({ oidc, audit }, request, pending);
    if (signedIn === null) return go('/account?oidc=linked');
    cookies.push(...signedIn.setCookies);
    go(pending.next);
  } catch (error) {
    const end = error instanceof AppError ? ENDS[error.code] : undefined;
    if (end === undefined) throw error;
    go(`${back}?oidc=${end}`);
  }
}

async function run(
  { oidc, audit }: { oidc: OidcSignIn; audit: AuditLog },
  request: IncomingMessage,
  pending: Pending,
): Promise<SignedIn | null> {
  const query = (request.url ?? '').slice((request.url ?? '').split('?')[0]?.length);
  const by = { provider: pending.provider };
  const { linkTo } = pending;
  if (linkTo === null)
    return recordSignIn(audit, { request, by }, () => oidc.signIn(pending, query, request.headers));
  const record = { ...writtenFrom(request), action: 'auth.link', input: JSON.stringify(by) };
  const who = { actor: linkTo.username, actorId: linkTo.userId };
  try {
    await oidc.link(pending, linkTo, query);
  } catch (error) {
    const reason = error instanceof AppError ? `${error.code}: ${error.message}` : 'internal';
    await audit.write({ ...record, ...who, outcome: 'refused', reason });
    throw error;
  }
  await audit.write({ ...record, ...who, outcome: 'done', reason: null });
  return null;
}
