import { AppError } from '../errors/app-error.ts';
import {
  type FieldDefinition,
  type FieldValue,
  MOST_FIELDS,
  readFieldValue,
} from '../project/field-schema.ts';
import { dayOf } from './expiry-schema.ts';
import type { GuestRecord } from './record.ts';
import type { DescribeGuestInput, GuestWords } from './record-schema.ts';

interface Project {
  name: string;
  fields: readonly FieldDefinition[];
}

/**
 * Values as a project's fields have them. Throws `bad_input` on `path` and the name for a field that the project does not have, and for a
 * value that is none of it. Pure.
 */
export function fieldsOf(
  { name: project, fields }: Project,
  values: Readonly<Record<string, FieldValue>>,
  path: string,
): Record<string, FieldValue> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const field = fields.find((one) => one.name === name);
      const known = fields.map((one) => one.name).join(', ') || 'none';
      const read = field
        ? readFieldValue(field, value)
        : { wrong: `project ${project} has no field ${name}: it has ${known}` };
      if ('wrong' in read) throw new AppError('bad_input', read.wrong, { field: [path, name] });
      return [name, read.value];
    }),
  );
}

/** What a guest's fields become, and which change; null when none does. Throws as `fieldsOf`, on `setFields`. Pure. */
export function changedFields(
  record: Pick<GuestRecord, 'fields'>,
  project: Project,
  asked: DescribeGuestInput['setFields'] = {},
): { values: Record<string, FieldValue>; changed: string[] } | null {
  const given = Object.entries(asked).filter((entry): entry is [string, FieldValue] => entry[1] !== null);
  const read = fieldsOf(project, Object.fromEntries(given), 'setFields');
  const changed = Object.keys(asked).filter((name) => record.fields[name] !== read[name]);
  if (changed.length === 0) return null;
  const values: Record<string, FieldValue> = { ...record.fields, ...read };
  for (const [name, value] of Object.entries(asked)) if (value === null) delete values[name];
  if (Object.keys(values).length > MOST_FIELDS * 2) {
    const message = `that makes ${Object.keys(values).length} fields: a guest has at most ${MOST_FIELDS * 2}`;
    throw new AppError('bad_input', message, { field: ['setFields'] });
  }
  return { values, changed };
}

/**
 * What changes of when a guest expires and what happens then. Throws `bad_input` on `expires` for a day that is here already where
 * something would happen at once. Pure.
 */
export function expiryChange(
  record: Pick<GuestWords, 'expires' | 'atExpiry'>,
  input: Pick<DescribeGuestInput, 'expires' | 'atExpiry'>,
  now: number,
): Partial<Pick<GuestWords, 'expires' | 'atExpiry'>> {
  const { expires = record.expires, atExpiry = record.atExpiry } = input;
  const change = {
    ...(expires !== record.expires && { expires }),
    ...(atExpiry !== record.atExpiry && { atExpiry }),
  };
  if (Object.keys(change).length > 0 && expires !== null && atExpiry !== 'nothing' && expires <= dayOf(now)) {
    const message = `${expires} is here already, so that would happen at once (${atExpiry}): choose a later day`;
    throw new AppError('bad_input', message, { field: ['expires'] });
  }
  return change;
}
