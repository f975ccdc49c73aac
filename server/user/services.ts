import type { GuestsIn } from '../access/read-grants.ts';
import type { SignIn } from '../auth/sign-in.ts';
import type { TwoFactor } from '../auth/two-factor.ts';
import type { OidcSignIn } from '../oidc/oidc-sign-in.ts';
import type { Platform } from '../platform.ts';

/** What the verbs of people use. */
export interface UserServices extends Pick<Platform, 'db' | 'env' | 'events'> {
  signIn: SignIn;
  twoFactor: TwoFactor;
  oidc: OidcSignIn;
  /** Seals what is kept of providers. */
  secret: string;
  /** A guest by id or name. Throws `not_found` on field `guest`. */
  guest(ref: string): { id: string; name: string };
  /** Throws `not_found` on field `project`. */
  project(name: string): { name: string };
  guestsIn: GuestsIn;
}

/** The client within a transaction. */
export type Transaction = Parameters<Parameters<Platform['db']['$transaction']>[0]>[0];
