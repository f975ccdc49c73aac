import { z } from 'zod';

/** Fields that a project has at most. */
export const MOST_FIELDS = 32;
export const FIELD_TYPES = ['text', 'number', 'choice', 'date'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export const fieldName = z
  .string()
  .min(1, 'a field has a name')
  .max(32, 'a field has a name of at most 32 characters')
  .regex(/^[a-z][a-z0-9_-]*$/, 'a field is named with lower-case letters, digits, hyphens and underscores');

const isLine = (text: string) => text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);

/** One line for people. */
export const plainLine = (what: string, most: number) =>
  z
    .string()
    .max(most, `${what} has at most ${most} characters`)
    .refine(isLine, `${what} is one line without control characters`);

const choice = plainLine('a choice', 80).trim().min(1, 'a choice has at least one character');

/** A field that the guests of a project have beside those of all guests. */
export const fieldDefinition = z
  .strictObject({
    name: fieldName,
    type: z.enum(FIELD_TYPES, { error: `a field is ${FIELD_TYPES.join(', ')}` }),
    about: plainLine('what a field is for', 200).trim().default(''),
    /** Of `choice` alone: what there is to choose from. */
    choices: z.array(choice).max(64, 'a field has at most 64 choices').default([]),
  })
  .refine(({ type, choices }) => (type === 'choice') === choices.length > 0, {
    message: 'a field of type choice has choices, and no other has',
    path: ['choices'],
  })
  .refine(({ choices }) => new Set(choices).size === choices.length, {
    message: 'each choice is there once',
    path: ['choices'],
  });
export type FieldDefinition = z.output<typeof fieldDefinition>;

export const fieldDefinitions = z
  .array(fieldDefinition)
  .max(MOST_FIELDS, `a project has at most ${MOST_FIELDS} fields`)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'each field is named once');

/** A day of the calendar: `2026-12-31`. */
export const calendarDate = z.iso.date('a date is written 2026-12-31');

export const fieldValue = z.union([
  plainLine('the value of a field', 500).min(1, 'the value of a field has at least one character'),
  z.number({ error: 'the value of a field is a text or a number' }),
]);
export type FieldValue = z.infer<typeof fieldValue>;

/** Values by the names of their fields. */
export const fieldValues = z
  .record(fieldName, fieldValue)
  .refine(
    (all) => Object.keys(all).length <= MOST_FIELDS * 2,
    `a guest has at most ${MOST_FIELDS * 2} fields`,
  );

/** A value as its field has it (`"5"` is a number where the field is one), or what is wrong with it. Pure. */
export function readFieldValue(
  { name, type, choices }: FieldDefinition,
  value: FieldValue,
): { value: FieldValue } | { wrong: string } {
  const text = String(value).trim();
  if (type === 'number') {
    const number = typeof value === 'number' ? value : text === '' ? Number.NaN : Number(text);
    return Number.isFinite(number) ? { value: number } : { wrong: `${name} is a number, not ${text}` };
  }
  if (type === 'choice' && !choices.includes(text))
    return { wrong: `${name} is ${choices.join(', ')}, not ${text}` };
  if (type === 'date' && !calendarDate.safeParse(text).success)
    return { wrong: `${name} is a date such as 2026-12-31, not ${text}` };
  return text === '' ? { wrong: `${name} has at least one character` } : { value: text };
}
