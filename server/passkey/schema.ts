import { z } from 'zod';

/** Passkeys of one person at the most. */
export const MOST_PASSKEYS = 20;

const bytes = (most: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(most, `has at most ${most} characters`)
    .regex(/^[\w-]+$/, 'must be base64url');
const passkeyName = z
  .string()
  .trim()
  .min(1, 'name it, as: laptop')
  .max(60, 'a name has at most 60 characters');
const credential = {
  id: bytes(1400),
  rawId: bytes(1400),
  type: z.literal('public-key', 'must be public-key'),
};

export const passkeyRef = z.object({ passkey: z.string().min(1, 'name a passkey').max(1400) });
export const renamePasskeyInput = passkeyRef.extend({ name: passkeyName });
/** What the browser's `navigator.credentials.create` gives (WebAuthn 3, RegistrationResponseJSON). */
export const addPasskeyInput = z.object({
  name: passkeyName,
  response: z.object({
    ...credential,
    response: z.object({
      clientDataJSON: bytes(8000),
      attestationObject: bytes(100_000),
      transports: z.array(z.string().max(20)).max(8).default([]),
    }),
  }),
});
/** What the browser's `navigator.credentials.get` gives (AuthenticationResponseJSON). */
export const enterPasskeyInput = z.object({
  response: z.object({
    ...credential,
    response: z.object({
      clientDataJSON: bytes(8000),
      authenticatorData: bytes(8000),
      signature: bytes(8000),
      userHandle: bytes(100),
    }),
  }),
});

export interface PasskeyView {
  id: string;
  name: string;
  /** The host name that it is for. */
  host: string;
  /** It is on other devices of the person too. */
  isBackedUp: boolean;
  usedAt: string | null;
  createdAt: string;
}

/**
 * Why there are no passkeys at an address, with what would be right; null: there are. Browsers have them for names, over TLS or on the
 * machine itself (WebAuthn 3, 5.1.2). Pure.
 */
export function passkeyProblem(origin: string): string | null {
  if (!URL.canParse(origin)) return `passkeys need the address of a page, not ${JSON.stringify(origin)}`;
  const { protocol, hostname } = new URL(origin);
  if (/^[\d.]+$|:/.test(hostname))
    return `passkeys are for names, and ${hostname} is an address: open this console by its name`;
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
  if (protocol === 'https:' || isLocal) return null;
  return `passkeys need https, and ${origin} is not: open this console over TLS`;
}
