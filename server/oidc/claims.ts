import { z } from 'zod';

/** What we take of a provider's statement (OpenID Connect Core 1.0, 5.1). */
export const readClaims = z
  .object({
    sub: z.string().min(1).max(255),
    email: z.string().max(200).optional().catch(undefined),
    email_verified: z.boolean().optional().catch(undefined),
  })
  .transform(({ sub, email, email_verified }) => ({
    /** Who it is there, for ever. */
    sub,
    /** Only one of which the provider says that it has verified it. */
    mail: email_verified === true && email !== undefined ? email.toLowerCase() : null,
  }));
