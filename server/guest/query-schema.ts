import { type ExpiryTest, type FieldTest, readExpires, readField } from './query-fields-schema.ts';
import { type QuerySign, splitOutside, unquoted } from './query-words-schema.ts';
import { GUEST_STATES } from './state.ts';

/** What a search looks into by name: `tag:web`. */
export const QUERY_KEYS = [
  'name',
  'project',
  'host',
  'state',
  'kind',
  'image',
  'tag',
  'owner',
  'by',
  'notes',
  'ip',
  'contact',
  'link',
] as const;
export type QueryKey = (typeof QUERY_KEYS)[number];
/** What a search compares: `mem>512M`. */
export const QUERY_AMOUNTS = ['cpu', 'mem', 'memory', 'pids'] as const;
export type QueryAmount = (typeof QUERY_AMOUNTS)[number];
/** All that a colon comes after. */
export const QUERY_WORDS = [...QUERY_KEYS, 'expires', 'field'] as const;

export type QueryTest =
  | { kind: 'word'; key: QueryKey; values: string[] }
  | { kind: 'amount'; key: QueryAmount; sign: QuerySign; limit: number }
  | { kind: 'text'; part: string }
  | FieldTest
  | ExpiryTest;

/** One word of a search: what was typed, what it tests (turned round by `not`), or why it tests nothing. */
export interface QueryTerm {
  text: string;
  not: boolean;
  test: QueryTest | null;
  problem: string | null;
}

const UNITS = ['', 'k', 'm', 'g', 't', 'p'];

/** The words of a search as they were typed. Pure. */
export const queryWords = (text: string): string[] => splitOutside(text, /\s/);

/**
 * Read `state:running tag:web,db mem>512M -kind:system "two words"`. All terms must hold; values after a colon may be several, with
 * commas between them; a minus turns a term round; quotes keep spaces and commas. Never throws. Pure.
 */
export function parseQuery(text: string): QueryTerm[] {
  return queryWords(text).map(parseTerm);
}

/** A term as it is typed, with quotes where it needs them. A quote itself cannot be searched for. Pure. */
export function termText(key: QueryKey | 'field', value: string): string {
  const plain = unquoted(value);
  const at = key === 'field' ? plain.indexOf('=') + 1 : 0;
  const [name, rest] = [plain.slice(0, at), plain.slice(at)];
  return `${key}:${name}${/[\s,]/.test(rest) || rest === '' ? `"${rest}"` : rest}`;
}

/** The search with a term put in, or taken out when it is there; another term of the same key gives way. Pure. */
export function toggleTerm(text: string, term: string): string {
  const words = queryWords(text);
  if (words.includes(term)) return words.filter((other) => other !== term).join(' ');
  const key = term.slice(0, term.indexOf(':') + 1);
  return [...words.filter((other) => !key || !other.startsWith(key)), term].join(' ');
}

function parseTerm(text: string): QueryTerm {
  if (text.startsWith('-') && text.length > 1) {
    const inner = parseTerm(text.slice(1));
    return { ...inner, text, not: !inner.not };
  }
  const found =
    readAmount(text) ?? readField(text) ?? readExpires(text, Date.now()) ?? readWord(text) ?? readText(text);
  return typeof found === 'string'
    ? { text, not: false, test: null, problem: found }
    : { text, not: false, test: found, problem: null };
}

/** A text describes what is wrong; null: it is no such term. */
type Reading = QueryTest | string | null;

function readAmount(text: string): Reading {
  const match = /^([a-z]+)(>=|<=|>|<|=)(.*)$/i.exec(text);
  if (!match) return null;
  const [, name = '', sign = '', value = ''] = match;
  const key = QUERY_AMOUNTS.find((known) => known === name.toLowerCase());
  // `env=prod` is a tag.
  if (!key && sign === '=') return null;
  if (!key) return `no amount is called ${name.toLowerCase()}: use cpu, mem or pids`;
  const limit = key === 'cpu' || key === 'pids' ? plainNumber(value) : bytesOf(value);
  if (!Number.isFinite(limit))
    return `${value || 'nothing'} is no amount: write ${key}${sign}512M or ${key}${sign}0.5`;
  return { kind: 'amount', key, sign: sign as QuerySign, limit };
}

function readWord(text: string): Reading {
  const match = /^([a-z]+):(.*)$/is.exec(text);
  if (!match) return null;
  const name = (match[1] ?? '').toLowerCase();
  const key = QUERY_KEYS.find((known) => known === name);
  // The beginning of an IPv6 address looks like a key.
  if (!key && /^[0-9a-f]{1,4}:/i.test(text)) return null;
  if (!key)
    return `nothing is called ${name}: use ${QUERY_KEYS.join(', ')}, expires, field, cpu, mem or pids`;
  const values = splitOutside(match[2] ?? '', /,/)
    .map((value) => unquoted(value).toLowerCase())
    .filter(Boolean);
  if (values.length === 0)
    return `${key}: needs a value, such as ${key}:${key === 'state' ? 'running' : 'web'}`;
  const unknown =
    key === 'state' && values.find((state) => !GUEST_STATES.some((known) => known.startsWith(state)));
  if (unknown) return `no state is called ${unknown}: use ${GUEST_STATES.join(', ')}`;
  return { kind: 'word', key, values };
}

const readText = (text: string): QueryTest => ({ kind: 'text', part: unquoted(text).toLowerCase() });

const plainNumber = (text: string) => (text === '' ? Number.NaN : Number(text));

/** `512M`, `1.5GiB`, `1000` in bytes; NaN when it is none. */
function bytesOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([kmgtp]?)(?:i?b)?$/i.exec(text);
  if (!match) return Number.NaN;
  return Math.round(Number(match[1]) * 1024 ** UNITS.indexOf((match[2] ?? '').toLowerCase()));
}
