import { ZodError } from 'zod';
import { AppError, type FieldPath } from './app-error.ts';

const LONGEST_VALUE = 80;
/** Never repeated, not even to who sent it. */
const SECRET = /password|token|secret/i;

function valueAt(input: unknown, path: FieldPath): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** zod's words for a missing value speak of types; a person wants to hear that it is missing. */
function reasonOf(message: string, missing: boolean): string {
  if (missing && message.startsWith('Invalid input')) return 'it is missing';
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/**
 * What is wrong with a procedure's input, as one error with its field: the first thing that zod found,
 * with the value that was sent. Values of secrets are left out.
 */
export function explainInput(cause: unknown, input: unknown): AppError {
  const issue = cause instanceof ZodError ? cause.issues[0] : undefined;
  if (issue === undefined)
    return new AppError('bad_input', 'the request is not one that can be read', { cause });
  const field = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const value = valueAt(input, field);
  const reason = reasonOf(issue.message, value === undefined);
  const secret = field.some((key) => SECRET.test(String(key)));
  const got = value === undefined || secret || typeof value === 'object' ? '' : ` (not ${shown(value)})`;
  const where = field.length === 0 ? '' : `${field.join('.')}: `;
  return new AppError('bad_input', `${where}${reason}${got}`, { field, cause });
}
