import { z } from 'zod';
import { PERMISSION_NAMES, type Permission } from '../access/schema.ts';
import { projectText } from '../project/schema.ts';

/** Tokens of one user. */
export const MOST_TOKENS = 50;
export const MOST_DAYS = 366;

const token = z.string().min(1, 'name a token by its id').max(64);
const scope = {
  name: z
    .string()
    .min(1, 'a token needs a name, such as the program that has it')
    .max(40, 'a token has a name of at most 40 characters')
    .regex(/^[\w.-]+$/, 'a token is named with letters, digits, dots, hyphens and underscores'),
  /** It may what this role allows and its user may too. */
  role: z.string().min(1, 'name a role').max(32).optional(),
  /** Or these. One of both is given. */
  permissions: z
    .array(
      z.enum(PERMISSION_NAMES, { error: 'a permission is one of those that berth role ls --json names' }),
    )
    .min(1, 'a token allows something')
    .max(PERMISSION_NAMES.length)
    .optional(),
  /** For the guests of this project only. */
  project: projectText.optional(),
  days: z
    .number()
    .int('days are whole')
    .min(1, 'a token is good for at least a day')
    .max(MOST_DAYS, `a token is good for at most ${MOST_DAYS} days`)
    .default(90),
};
export const createOwnTokenInput = z.object(scope);
export const createTokenInput = createOwnTokenInput.extend({
  username: z.string().min(1, 'name a user').max(100),
});
export const listTokensInput = z.object({ username: z.string().min(1).max(100).optional() });
export const tokenRef = z.object({ token });

/** A token, without its secret: nobody has that but who was shown it. */
export interface TokenView {
  id: string;
  name: string;
  username: string;
  role: string | null;
  permissions: Permission[];
  project: string | null;
  createdAt: string;
  expiresAt: string;
  /** To the minute; null: never. */
  usedAt: string | null;
  usedFrom: string | null;
}

/** Shown this once. `secret` goes into the header `Authorization: Bearer SECRET`. */
export interface NewToken {
  token: TokenView;
  secret: string;
}
