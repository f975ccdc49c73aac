import { z } from 'zod';
import type { RightsView } from '../access/schema.ts';

export const username = z
  .string()
  .min(2, 'a user name has at least 2 characters')
  .max(32, 'a user name has at most 32 characters')
  .regex(
    /^[a-z][a-z0-9._-]*$/,
    'a user name begins with a lower-case letter and has letters, digits, dots, hyphens and underscores',
  );

/** NIST SP 800-63B: length is what counts; no rules of composition. */
export const password = z
  .string()
  .min(10, 'a password has at least 10 characters')
  .max(128, 'a password has at most 128 characters');

export const createAdminInput = z.object({
  /** What stands behind the # of the link. */
  token: z.string().min(1, 'the link has no token: use the whole link').max(100),
  username,
  password,
  name: z.string().trim().max(80, 'a name has at most 80 characters').default(''),
});

export const signInInput = z.object({
  username: z.string().min(1, 'a user name is needed').max(100),
  password: z.string().min(1, 'a password is needed').max(128, 'a password has at most 128 characters'),
  /** Of the device, or a recovery code; asked for only where a device is set up. */
  code: z.string().trim().max(32, 'a code has at most 32 characters').optional(),
});

export const setPrivilegedInput = z.object({
  username: z.string().min(1, 'name a user').max(100),
  privileged: z.boolean(),
});

/** A user whose reach into the host was changed. */
export interface UserRow {
  id: string;
  username: string;
  name: string;
  /** May make what root of the host could misuse (server/guest/privileges.ts). */
  privileged: boolean;
  createdAt: string;
}

/** Who is signed in, as the browser sees it. */
export interface UserView {
  id: string;
  username: string;
  name: string;
  privileged: boolean;
  rights: RightsView;
}

/** What a sign-in answers, with the cookies that make it last. */
export interface SignedIn {
  user: Omit<UserView, 'privileged' | 'rights'>;
  setCookies: string[];
}
