import { createHash } from 'node:crypto';

/** Characters of an input that are kept. */
const MOST = 4096;
/** Values that open something. */
const SECRET = /^(password|current|token|secret)$/i;
/** Maps of variables, whose values are nobody's business. */
const VARIABLES = /^(environment|env)$/i;

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What somebody asked for, as JSON without secrets. A long one is cut, with its length and SHA-256 instead of the rest. Pure. */
export function describeInput(input: unknown): string {
  const text =
    JSON.stringify(input, (key, value: unknown) => {
      if (SECRET.test(key)) return '(secret)';
      if (VARIABLES.test(key) && isMap(value))
        return Object.fromEntries(Object.keys(value).map((name) => [name, '(secret)']));
      return value;
    }) ?? 'null';
  if (text.length <= MOST) return text;
  const sha256 = createHash('sha256').update(text).digest('hex');
  return JSON.stringify({ cut: text.slice(0, MOST), length: text.length, sha256 });
}
