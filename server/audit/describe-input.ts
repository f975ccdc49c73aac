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

/** The path of a webhook's address is what lets one write there. */
function isWebhook(value: unknown): value is { url: string } {
  return isMap(value) && value.kind === 'webhook' && typeof value.url === 'string';
}

const originOf = (url: string) => (URL.canParse(url) ? `${new URL(url).origin}/(secret)` : '(secret)');

/**
 * What somebody asked for, as JSON without secrets. A long one is cut, with its length and SHA-256 instead of the rest; of one
 * that is nested too deep to be written down, only that is told. Pure.
 */
export function describeInput(input: unknown): string {
  const text = jsonOf(input);
  if (text === null) return JSON.stringify({ nested: 'too deep' });
  if (text.length <= MOST) return text;
  const sha256 = createHash('sha256').update(text).digest('hex');
  return JSON.stringify({ cut: text.slice(0, MOST), length: text.length, sha256 });
}

function jsonOf(input: unknown): string | null {
  try {
    return (
      JSON.stringify(input, (key, value: unknown) => {
        if (SECRET.test(key)) return '(secret)';
        if (isWebhook(value)) return { ...value, url: originOf(value.url) };
        if (VARIABLES.test(key) && isMap(value))
          return Object.fromEntries(Object.keys(value).map((name) => [name, '(secret)']));
        return value;
      }) ?? 'null'
    );
  } catch (error) {
    if (error instanceof RangeError) return null; // the stack is used up
    throw error;
  }
}
