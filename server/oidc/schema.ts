import { z } from 'zod';

/** Where a provider sends people back to. */
export const CALLBACK_PATH = '/api/auth/oidc/callback';

export const providerName = z
  .string()
  .min(1, 'name a provider')
  .max(32, 'a name has at most 32 characters')
  .regex(/^[a-z][a-z0-9-]*$/, 'a name begins with a lower-case letter and has letters, digits and hyphens');

/** https, or http of this machine alone, for trying it out. */
const issuer = z
  .string()
  .max(500, 'an issuer has at most 500 characters')
  .refine((text) => issuerProblem(text) === null, {
    error: ({ input }) => issuerProblem(String(input)) ?? '',
  });

function issuerProblem(text: string): string | null {
  if (!URL.canParse(text)) return 'an issuer is an address, as https://login.example.org';
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username || password || search || hash) return 'an issuer has no user, query or fragment';
  const isLocal = hostname === 'localhost' || hostname === '[::1]' || /^127\.[\d.]+$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLocal) ? null : 'an issuer begins with https://';
}

export const providerRef = z.object({ provider: providerName });
export const saveProviderInput = providerRef.extend({
  /** What the button says after `Sign in with`; left out: the name, or what it was. */
  label: z.string().trim().min(1, 'say what the button says').max(40, 'at most 40 characters').optional(),
  issuer,
  clientId: z.string().trim().min(1, 'give the client id').max(300, 'a client id has at most 300 characters'),
  /** Left out where it stays: as long as the issuer stays. */
  secret: z
    .string()
    .min(1, 'give the client secret')
    .max(1000, 'a secret has at most 1000 characters')
    .optional(),
});
export const beginOidcInput = providerRef.extend({
  /** The page to come to afterwards. */
  next: z
    .string()
    .max(2000)
    .regex(/^\/(?![/\\])[\x21-\x7e]*$/, 'must be a path of this console')
    .default('/guests'),
});
export const linkInput = providerRef.extend({
  password: z.string().min(1, 'give the password that you have now').max(128),
});
export const mailAddress = z.email('a mail address has the form name@example.org').max(200);
export const setMailInput = z.object({
  username: z.string().min(1, 'name a user').max(100),
  /** Null: none. */
  mail: mailAddress.nullable(),
});

/** What a button needs to know. */
export interface ProviderOption {
  provider: string;
  label: string;
}

export interface ProviderView extends ProviderOption {
  issuer: string;
  clientId: string;
  /** How many people are linked with it. */
  people: number;
  createdAt: string;
}

export interface LinkedView extends ProviderOption {
  linkedAt: string;
}

/** How it ended, told to the page in its address: in words that nobody else can choose. */
export const OIDC_ENDS = {
  linked: 'you can sign in with it from now on',
  late: 'that took too long, or was begun in another browser: begin again',
  refused: 'the provider has let nobody in, or its answer was not the one that was asked for',
  unreachable: 'the provider cannot be reached: try again, or use your password',
  unknown: 'nobody here is linked with that account: sign in with your password and link it on Your account',
  taken:
    'that account is linked with somebody else here, or you are linked with another one of this provider',
  disabled: 'your account here is disabled: an administrator can enable it',
} as const;
export type OidcEnd = keyof typeof OIDC_ENDS;

/** Words of an end that an address names; null for anything else. Pure. */
export function endText(end: string | null): string | null {
  return end !== null && Object.hasOwn(OIDC_ENDS, end) ? OIDC_ENDS[end as OidcEnd] : null;
}
