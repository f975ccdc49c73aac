import { z } from 'zod';
import { fieldName, fieldValue, fieldValues, plainLine } from '../project/field-schema.ts';
import { atExpiry, expires } from './expiry-schema.ts';

/** What people write about a guest. The kernel knows nothing of it. */
export const MOST_TAGS = 32;
/** Characters of Markdown. */
export const MOST_NOTES = 8192;

/** `web`, `env=prod`, `team:payments`. Without what a search reads itself: spaces, commas, quotes, asterisks. */
export const guestTag = z
  .string()
  .min(1, 'a tag has at least one character')
  .max(40, 'a tag has at most 40 characters')
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._:/@+=-]*$/u,
    'a tag begins with a letter or a digit and has those and . _ : / @ + = -',
  )
  .refine((tag) => tag === tag.toLowerCase(), 'a tag is written in lower case');

const tagList = z.array(guestTag).max(MOST_TAGS, `a guest has at most ${MOST_TAGS} tags`);

const isPlain = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  text.isWellFormed() && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(text);

export const guestNotes = z
  .string()
  .max(MOST_NOTES, `notes have at most ${MOST_NOTES} characters`)
  .refine(isPlain, 'notes have no control characters but tabs and ends of lines');

/** A user's name, or root. */
export const guestOwner = z
  .string()
  .min(2, 'an owner is named by at least 2 characters')
  .max(32, 'an owner is named by at most 32 characters')
  .regex(/^[a-z][a-z0-9._-]*$/, 'an owner is a user name');

export const MOST_LINKS = 20;

/** Of the web alone: a browser follows it. */
const linkUrl = plainLine('the address of a link', 1000).refine(
  (text) => /^https?:\/\/[^\s/]/i.test(text) && URL.canParse(text),
  'a link begins with http:// or https://',
);
export const guestLink = z.strictObject({
  title: plainLine('the title of a link', 80).trim().min(1, 'a link has a title'),
  url: linkUrl,
});
export type GuestLink = z.infer<typeof guestLink>;
const linkList = z.array(guestLink).max(MOST_LINKS, `a guest has at most ${MOST_LINKS} links`);

/** Who to ask: a name, an address, a number. */
const guestContact = plainLine('a contact', 200);

/** What can be written about a guest, as a whole. */
export const guestWords = z.object({
  tags: tagList,
  /** Markdown. */
  notes: guestNotes,
  owner: guestOwner.nullable(),
  contact: guestContact,
  links: linkList,
  expires,
  atExpiry,
  /** Those of its project (`project.list`), and what is left of those of another one. */
  fields: fieldValues,
});
export type GuestWords = z.infer<typeof guestWords>;

/** What has a version of its own: each of these, and each custom field. */
export type EditKey = Exclude<keyof GuestWords, 'fields'> | `fields.${string}`;

/** What nobody has written anything about. */
export const NO_WORDS: GuestWords = {
  ...{ tags: [], notes: '', owner: null, contact: '', links: [] },
  ...{ expires: null, atExpiry: 'nothing', fields: {} },
};

export const describeGuestInput = z.object({
  guest: z.string().min(1, 'name a guest').max(63, 'a guest is named by at most 63 characters'),
  /**
   * `version` of the guest that the change was made from. What somebody else has changed since is refused with
   * `changed_meanwhile` on its field. Left out: whatever is there is replaced.
   */
  version: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  /** Added and removed one by one, so that two people never undo each other's. */
  addTags: tagList.optional(),
  removeTags: tagList.optional(),
  notes: guestNotes.optional(),
  owner: guestOwner.nullable().optional(),
  contact: guestContact.optional(),
  /** One by one, as tags; one with an address that is there has its title changed. */
  addLinks: linkList.optional(),
  /** Their addresses. */
  removeLinks: z.array(z.string().max(1000)).max(MOST_LINKS).optional(),
  expires: expires.optional(),
  atExpiry: atExpiry.optional(),
  /** Of its project's fields those that change; null takes a value away. */
  setFields: z.record(fieldName, fieldValue.nullable()).optional(),
});
export type DescribeGuestInput = z.infer<typeof describeGuestInput>;

/** Who wrote a field last, and which version that made. */
export const fieldEdit = z.object({ version: z.number(), by: z.string(), at: z.iso.datetime() });
export type FieldEdit = z.infer<typeof fieldEdit>;
