import { dayAfter, dayOf } from './expiry-schema.ts';
import { type QuerySign, splitOutside, unquoted } from './query-words-schema.ts';

/** `field:cost-centre=4711`; `compared` is what an amount or a day is compared with. */
export interface FieldTest {
  kind: 'field';
  name: string;
  values: string[];
  compared: { sign: QuerySign; limit: number | string } | null;
}

/** `expires:<7d`; the day counts from the moment when the search was read. */
export interface ExpiryTest {
  kind: 'expires';
  compared: 'any' | 'none' | { sign: QuerySign; day: string };
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (text: string) => DAY.test(text) && !Number.isNaN(Date.parse(text));

/** Null: it is no such term; a text says what is wrong with it. Pure. */
export function readField(text: string): FieldTest | string | null {
  const match = /^field:"?([^=<>"]*)(>=|<=|=|>|<)?(.*)$/is.exec(text);
  if (!match) return null;
  const [, typed = '', sign, rest = ''] = match;
  const name = typed.toLowerCase();
  if (!/^[a-z][a-z0-9_-]{0,31}$/.test(name))
    return `field: needs the name of a field and a value, such as field:cost-centre=4711`;
  if (sign === undefined) return { kind: 'field', name, values: ['*'], compared: null };
  if (sign !== '=') {
    const value = unquoted(rest);
    if (isDay(value))
      return { kind: 'field', name, values: [], compared: { sign: sign as QuerySign, limit: value } };
    const limit = value === '' ? Number.NaN : Number(value);
    if (!Number.isFinite(limit))
      return `${value || 'nothing'} is neither a number nor a day: write field:${name}${sign}5 or field:${name}${sign}2026-12-31`;
    return { kind: 'field', name, values: [], compared: { sign: sign as QuerySign, limit } };
  }
  const values = splitOutside(rest, /,/)
    .map((value) => unquoted(value).toLowerCase())
    .filter(Boolean);
  if (values.length === 0) return `field:${name}= needs a value, such as field:${name}=prod`;
  return { kind: 'field', name, values, compared: null };
}

/** Days that a search counts at most. */
const MOST_DAYS = 100_000;

/** `expires:<7d`, `expires:2026-12-31`, `expires:*`, `expires:none`. As `readField`; `now` in ms since 1970. Pure. */
export function readExpires(text: string, now: number): ExpiryTest | string | null {
  const match = /^expires:(>=|<=|>|<|=)?(.*)$/is.exec(text);
  if (!match) return null;
  const sign = (match[1] ?? '=') as QuerySign;
  const value = unquoted(match[2] ?? '').toLowerCase();
  const plain = match[1] === undefined;
  if (plain && value === '*') return { kind: 'expires', compared: 'any' };
  if (plain && value === 'none') return { kind: 'expires', compared: 'none' };
  const days = /^(-?\d{1,6})d$/.exec(value)?.[1];
  if (days !== undefined && Math.abs(Number(days)) <= MOST_DAYS)
    return { kind: 'expires', compared: { sign, day: dayAfter(dayOf(now), Number(days)) } };
  if (isDay(value)) return { kind: 'expires', compared: { sign, day: value } };
  return `${value || 'nothing'} is no day: write expires:<7d, expires:<2026-12-31, expires:* or expires:none`;
}
