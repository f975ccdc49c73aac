import type { IncomingMessage } from 'node:http';
import type { AuditLog } from '../audit/audit-log.ts';
import type { SignedIn } from '../auth/schema.ts';
import { AppError } from '../errors/app-error.ts';
import { addressOf } from './identify-request.ts';

/** What an entry of the audit has of a request that is no procedure. */
export function writtenFrom(request: IncomingMessage) {
  const address = addressOf(request).slice(0, 64);
  return { via: 'web', address, operation: null, subject: null } as const;
}

/** Sign somebody in, and write down who did, or why nobody. What was tried too often is not: it was tried already. */
export async function recordSignIn(
  audit: Pick<AuditLog, 'write'>,
  of: { request: IncomingMessage; by: Record<string, string> },
  enter: () => Promise<SignedIn>,
): Promise<SignedIn> {
  const record = { ...writtenFrom(of.request), action: 'auth.signIn', input: JSON.stringify(of.by) };
  let signedIn: SignedIn;
  try {
    signedIn = await enter();
  } catch (error) {
    const known = error instanceof AppError;
    const reason = known ? `${error.code}: ${error.message}` : 'internal';
    if (!known || error.code !== 'too_many')
      await audit.write({ ...record, actor: 'nobody', actorId: null, outcome: 'refused', reason });
    throw error;
  }
  const { id, username } = signedIn.user;
  await audit.write({ ...record, actor: username ?? id, actorId: id, outcome: 'done', reason: null });
  return signedIn;
}
