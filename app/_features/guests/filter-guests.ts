import type { GuestView } from '../../../server/guest/schema.ts';
import { GUEST_STATES } from '../../../server/guest/state.ts';
import { parseBytes } from '../../_ui/index.ts';

/** One word of the filter: what was typed, what it tests, or why it tests nothing. */
export interface FilterTerm {
  text: string;
  test: ((guest: GuestView) => boolean) | null;
  problem: string | null;
}

type Words = (guest: GuestView) => (string | null)[];
type Amount = { parse: (text: string) => number; of: (guest: GuestView) => number | null };

const WORDS: Record<string, Words> = {
  name: (guest) => [guest.name],
  state: (guest) => [guest.state],
  kind: (guest) => [guest.kind],
  image: (guest) => [guest.image],
  by: (guest) => [guest.createdBy],
  owner: (guest) => [guest.owner],
  tag: (guest) => guest.tags,
  ip: (guest) => [guest.addresses.ipv4, guest.addresses.ipv6],
};

const AMOUNTS: Record<string, Amount> = {
  cpu: { parse: Number, of: (guest) => guest.usage?.cpu ?? null },
  mem: { parse: parseBytes, of: (guest) => guest.usage?.memory ?? null },
  memory: { parse: parseBytes, of: (guest) => guest.usage?.memory ?? null },
  pids: { parse: Number, of: (guest) => guest.usage?.pids ?? null },
};

const COMPARE: Record<string, (a: number, b: number) => boolean> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '=': (a, b) => a === b,
};

function problem(text: string, why: string): FilterTerm {
  return { text, test: null, problem: why };
}

function amountTerm(text: string, [key = '', sign = '', value = '']: string[]): FilterTerm {
  const amount = Object.hasOwn(AMOUNTS, key) ? AMOUNTS[key] : undefined;
  const compare = COMPARE[sign];
  if (!amount || !compare) return problem(text, `no amount is called ${key}: use cpu, mem or pids`);
  const limit = value === '' ? Number.NaN : amount.parse(value);
  if (!Number.isFinite(limit))
    return problem(text, `${value || 'nothing'} is no amount: write ${key}${sign}512M or ${key}${sign}0.5`);
  return {
    text,
    problem: null,
    test: (guest) => {
      const has = amount.of(guest);
      return has !== null && compare(has, limit);
    },
  };
}

function wordTerm(text: string, key: string, value: string): FilterTerm {
  const words = Object.hasOwn(WORDS, key) ? WORDS[key] : undefined;
  if (!words)
    return problem(text, `nothing is called ${key}: use ${Object.keys(WORDS).join(', ')}, cpu, mem or pids`);
  const wanted = value.toLowerCase().split(',').filter(Boolean);
  if (wanted.length === 0)
    return problem(text, `${key}: needs a value, such as ${key}:${key === 'state' ? 'running' : 'web'}`);
  const states: readonly string[] = GUEST_STATES;
  const unknown = key === 'state' && wanted.find((state) => !states.some((known) => known.startsWith(state)));
  if (unknown) return problem(text, `no state is called ${unknown}: use ${GUEST_STATES.join(', ')}`);
  return {
    text,
    problem: null,
    test: (guest) => words(guest).some((word) => wanted.some((part) => word?.toLowerCase().includes(part))),
  };
}

function textTerm(text: string): FilterTerm {
  const part = text.toLowerCase();
  const searched: Words = (guest) => [
    guest.name,
    guest.image,
    guest.addresses.ipv4,
    guest.addresses.ipv6,
    guest.createdBy,
  ];
  return {
    text,
    problem: null,
    test: (guest) => searched(guest).some((word) => word?.toLowerCase().includes(part)),
  };
}

function parseTerm(text: string): FilterTerm {
  if (text.startsWith('-') && text.length > 1) {
    const { test, problem } = parseTerm(text.slice(1));
    return { text, problem, test: test && ((guest) => !test(guest)) };
  }
  const amount = /^([a-z]+)(>=|<=|>|<|=)(.*)$/i.exec(text);
  if (amount) return amountTerm(text, [amount[1]?.toLowerCase() ?? '', amount[2] ?? '', amount[3] ?? '']);
  const word = /^([a-z]+):(.*)$/i.exec(text);
  const isAddress = /^[0-9a-f]{1,4}:/i.test(text) && !Object.hasOwn(WORDS, word?.[1]?.toLowerCase() ?? '');
  if (word && !isAddress) return wordTerm(text, word[1]?.toLowerCase() ?? '', word[2] ?? '');
  return textTerm(text);
}

/**
 * Read `state:running image:debian mem>512M -kind:system text`. All terms must hold; values after a colon may be several,
 * with commas between them; a minus turns a term round.
 */
export function parseFilter(text: string): FilterTerm[] {
  return text.split(/\s+/).filter(Boolean).map(parseTerm);
}

/** The guests for which every term that could be read holds. */
export function filterGuests(guests: readonly GuestView[], terms: readonly FilterTerm[]): GuestView[] {
  const tests = terms.flatMap(({ test }) => (test ? [test] : []));
  return guests.filter((guest) => tests.every((test) => test(guest)));
}

/** The filter with a term put in, or taken out when it is there; another term of the same key gives way. */
export function toggleTerm(text: string, term: string): string {
  const terms = text.split(/\s+/).filter(Boolean);
  if (terms.includes(term)) return terms.filter((other) => other !== term).join(' ');
  const key = term.slice(0, term.indexOf(':') + 1);
  return [...terms.filter((other) => !key || !other.startsWith(key)), term].join(' ');
}
