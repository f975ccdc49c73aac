import { z } from 'zod';
import type { GrantView } from '../access/schema.ts';
import { password, username } from '../auth/schema.ts';
import { guestTag } from '../guest/record-schema.ts';
import { mailAddress } from '../oidc/schema.ts';
import { projectText } from '../project/schema.ts';

export const userRef = z.object({ username: z.string().min(1, 'name a user').max(100) });
const role = z.string().min(1, 'name a role').max(32);
const guest = z.string().min(1, 'name a guest').max(63);

/** A role: for one guest, for a project, for the guests with a tag, or everywhere. */
const scoped = {
  ...{ role, guest: guest.optional(), project: projectText.optional() },
  tag: guestTag.optional(),
};
export const inviteInput = z.object(scoped);
export const createUserInput = z.object({
  username,
  name: z.string().trim().max(80, 'a name has at most 80 characters').default(''),
  /** With it they sign in by a provider (server/oidc). */
  mail: mailAddress.optional(),
  ...scoped,
});
export const grantInput = userRef.extend(scoped);
/** One session, or all of them. */
export const revokeInput = userRef.extend({ session: z.string().min(1).max(64).optional() });
export const ownRevokeInput = z.object({ session: z.string().min(1).max(64).optional() });
export const withdrawInput = z.object({ link: z.string().min(1).max(64) });
export const changePasswordInput = z.object({
  current: z.string().min(1, 'give the password that you have now').max(128),
  password,
});

export const ownPasswordInput = z.object({
  password: z.string().min(1, 'give the password that you have now').max(128),
});
export const confirmDeviceInput = z.object({
  code: z
    .string()
    .trim()
    .regex(/^\d{6}$/, 'a code has six digits'),
});

const token = z.string().min(1, 'the link has no token: use the whole link').max(100);
export const readLinkInput = z.object({ token });
export const acceptLinkInput = z.object({
  token,
  /** Of an invitation; a reset has its user. */
  username: username.optional(),
  name: z.string().trim().max(80, 'a name has at most 80 characters').default(''),
  password,
});

/** A person as others see them. */
export interface PersonView {
  id: string;
  username: string;
  name: string;
  /** May make what root of the host could misuse (server/guest/privileges.ts). */
  privileged: boolean;
  /** Signs in with a code of a device too. */
  twoFactor: boolean;
  /** Whose providers may say that it is verified; null: none was given. */
  mail: string | null;
  /** How many they may sign in with. */
  passkeys: number;
  /** Since when they cannot sign in; null: they can. */
  disabledAt: string | null;
  createdAt: string;
  grants: GrantView[];
  sessions: number;
  /** When a session of theirs was last used, to the minute; null: none is there. */
  seenAt: string | null;
}

/** A link that somebody has made and nobody has used. */
export interface LinkView {
  /** Names it; no way to its token. */
  id: string;
  kind: 'invite' | 'reset';
  role: string | null;
  guest: { id: string; name: string } | null;
  project: string | null;
  tag: string | null;
  /** Whose password a reset sets. */
  username: string | null;
  createdBy: string;
  createdAt: string;
  expiresAt: string;
}

export interface NewLink {
  path: string;
  url: string;
  expiresAt: string;
}

/** What a link is for, to the one who has it. */
export interface OpenLink {
  kind: 'invite' | 'reset';
  username: string | null;
  role: string | null;
  guest: string | null;
  project: string | null;
  tag: string | null;
}

export interface LoginView {
  id: string;
  address: string | null;
  /** The browser as it calls itself. */
  agent: string | null;
  createdAt: string;
  seenAt: string;
  /** The one that asks. */
  current: boolean;
}
