import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import { auditWithChange } from '../audit/current-call.ts';
import { confirmSelf } from '../auth/confirm-self.ts';
import { putPending, takePending } from '../auth/pending.ts';
import type { Self } from '../auth/two-factor.ts';
import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import {
  type addPasskeyInput,
  MOST_PASSKEYS,
  type PasskeyView,
  passkeyProblem,
  type renamePasskeyInput,
} from './schema.ts';
import { webauthn } from './webauthn.ts';

/** ms for which a browser may ask the person. */
export const PATIENCE = 300_000;

const COLUMNS = {
  id: true,
  name: true,
  rpId: true,
  isBackedUp: true,
  usedAt: true,
  createdAt: true,
} as const;

/**
 * The page that asks, whose host name a passkey is for; its origin was compared before (origin-guard.ts). Throws `unsupported` where
 * there are no passkeys.
 */
export function partyOf(headers: IncomingHttpHeaders): { origin: string; rpId: string } {
  const origin = headers.origin ?? 'none';
  const problem = passkeyProblem(origin);
  if (problem !== null) throw new AppError('unsupported', problem);
  return { origin, rpId: new URL(origin).hostname };
}

/** One's own, the newest first. */
export async function listPasskeys(db: Db, userId: string): Promise<PasskeyView[]> {
  const rows = await db.passkey.findMany({
    where: { userId },
    orderBy: { createdAt: 'desc' },
    select: COLUMNS,
  });
  return rows.map(({ rpId, usedAt, createdAt, ...row }) => ({
    ...row,
    host: rpId,
    usedAt: usedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  }));
}

/** What the browser makes a passkey with. Takes the password. Throws `unsupported`, `forbidden` on field `password`, `illegal_state`. */
export async function beginPasskey(db: Db, self: Self, password: string) {
  const { rpId } = partyOf(self.headers);
  await confirmSelf(db, self, password);
  const own = await db.passkey.findMany({ where: { userId: self.id }, select: { id: true, rpId: true } });
  if (own.length >= MOST_PASSKEYS)
    throw new AppError(
      'illegal_state',
      `you have ${own.length} passkeys, which is the most: remove one first`,
    );
  const { generateRegistrationOptions } = await webauthn();
  const { extensions: _, ...options } = await generateRegistrationOptions({
    rpName: 'Berth',
    rpID: rpId,
    userID: new TextEncoder().encode(self.id),
    userName: self.username,
    attestationType: 'none',
    timeout: PATIENCE,
    excludeCredentials: own.filter((one) => one.rpId === rpId).map(({ id }) => ({ id })),
    // The device knows the person by PIN or finger, so that the key alone is worth a password and a code.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  await putPending(db, { kind: 'passkey-new', key: options.challenge, value: self.id, forMs: PATIENCE });
  return options;
}

/** Keep what the browser has made. Throws `forbidden` on field `response`, `name_taken` on field `name`. */
export async function addPasskey(
  db: Db,
  self: Self,
  { name, response }: z.output<typeof addPasskeyInput>,
): Promise<PasskeyView> {
  const { origin, rpId } = partyOf(self.headers);
  const { verifyRegistrationResponse } = await webauthn();
  const verified = await verifyRegistrationResponse({
    response: { ...response, clientExtensionResults: {} } as Parameters<
      typeof verifyRegistrationResponse
    >[0]['response'],
    expectedChallenge: async (challenge) => (await takePending(db, 'passkey-new', challenge)) === self.id,
    expectedOrigin: origin,
    expectedRPID: rpId,
  }).catch((cause: unknown) => {
    throw badAnswer(cause);
  });
  if (!verified.verified) throw badAnswer(null);
  const { credential, credentialBackedUp } = verified.registrationInfo;
  const { id, publicKey, counter } = credential;
  const { transports } = response.response;
  await db.$transaction(async (tx) => {
    await refuseTaken(tx, { userId: self.id, name, id });
    await tx.passkey.create({
      data: {
        ...{ id, name, userId: self.id, publicKey, counter, transports, rpId },
        isBackedUp: credentialBackedUp,
      },
      select: { id: true },
    });
    await auditWithChange(tx);
  });
  return onePasskey(db, self.id, id);
}

/** Throws `not_found` on field `passkey`, `name_taken` on field `name`. */
export async function renamePasskey(
  db: Db,
  userId: string,
  { passkey: id, name }: z.output<typeof renamePasskeyInput>,
): Promise<PasskeyView> {
  await db.$transaction(async (tx) => {
    await refuseTaken(tx, { userId, name, id });
    const { count } = await tx.passkey.updateMany({ where: { id, userId }, data: { name } });
    if (count === 0) throw noPasskey();
    await auditWithChange(tx);
  });
  return onePasskey(db, userId, id);
}

/** It signs nobody in any more. Throws `not_found` on field `passkey`. */
export async function removePasskey(db: Db, userId: string, id: string): Promise<{ passkey: string }> {
  await db.$transaction(async (tx) => {
    const { count } = await tx.passkey.deleteMany({ where: { id, userId } });
    if (count === 0) throw noPasskey();
    await auditWithChange(tx);
  });
  return { passkey: id };
}

async function onePasskey(db: Db, userId: string, id: string): Promise<PasskeyView> {
  const found = (await listPasskeys(db, userId)).find((one) => one.id === id);
  if (!found) throw noPasskey();
  return found;
}

async function refuseTaken(
  tx: Pick<Db, 'passkey'>,
  of: { userId: string; name: string; id: string },
): Promise<void> {
  const { userId, name, id } = of;
  if ((await tx.passkey.count({ where: { userId, name, id: { not: id } } })) === 0) return;
  throw new AppError(
    'name_taken',
    `you have a passkey ${JSON.stringify(name)} already: choose another name`,
    {
      field: ['name'],
    },
  );
}

function noPasskey(): AppError {
  return new AppError('not_found', 'there is no such passkey of yours any more', { field: ['passkey'] });
}

function badAnswer(cause: unknown): AppError {
  return new AppError('forbidden', 'that is not the answer that was asked of the device: begin anew', {
    field: ['response'],
    cause,
  });
}
