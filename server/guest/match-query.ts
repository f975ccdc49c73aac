import type { QueryFacts } from './query-facts.ts';
import type { ExpiryTest, FieldTest } from './query-fields-schema.ts';
import type { QueryAmount, QueryKey, QueryTerm, QueryTest } from './query-schema.ts';
import type { QuerySign } from './query-words-schema.ts';

type Facts = Omit<QueryFacts, 'record' | 'order'>;
type Predicate = (facts: Facts) => boolean;

const COMPARE: Record<QuerySign, (a: number, b: number) => boolean> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '=': (a, b) => a === b,
};

const AMOUNTS: Record<QueryAmount, (facts: Facts) => number | null> = {
  cpu: (facts) => facts.cpu,
  mem: (facts) => facts.memory,
  memory: (facts) => facts.memory,
  pids: (facts) => facts.pids,
};

/** Found by a part of it. */
const PARTS: Record<
  Exclude<QueryKey, 'tag' | 'owner' | 'project'>,
  (facts: Facts) => readonly (string | null)[]
> = {
  name: (facts) => [facts.name],
  host: (facts) => [facts.host.toLowerCase()],
  state: (facts) => [facts.state],
  kind: (facts) => [facts.kind],
  image: (facts) => [facts.image],
  by: (facts) => [facts.by],
  notes: (facts) => [facts.notes],
  ip: (facts) => [facts.ipv4, facts.ipv6],
  contact: (facts) => [facts.contact],
  link: (facts) => facts.links,
};

/**
 * Whether all terms hold that could be read. Tags, projects and owners are whole words, of which `*` is any end (`tag:*`: any at all);
 * `owner:me` and `by:me` are who asks. Pure.
 */
export function matchQuery(terms: readonly QueryTerm[], me: string): Predicate {
  const tests = terms.flatMap(({ test, not }) => {
    if (!test) return [];
    const holds = predicate(test, me);
    return not ? [(facts: Facts) => !holds(facts)] : [holds];
  });
  return (facts) => tests.every((test) => test(facts));
}

function predicate(test: QueryTest, me: string): Predicate {
  if (test.kind === 'amount') {
    const { limit } = test;
    const value = AMOUNTS[test.key];
    const compare = COMPARE[test.sign];
    return (facts) => {
      const has = value(facts);
      return has !== null && compare(has, limit);
    };
  }
  if (test.kind === 'text') return textPredicate(test.part);
  if (test.kind === 'field') return fieldPredicate(test);
  if (test.kind === 'expires') return expiryPredicate(test);
  const { key, values } = test;
  if (key === 'tag') {
    const wholes = values.map(wholeWord);
    return ({ tags }) => tags.some((tag) => wholes.some((is) => is(tag)));
  }
  if (key === 'project') {
    const wholes = values.map(wholeWord);
    return ({ project }) => wholes.some((is) => is(project));
  }
  if (key === 'owner') {
    const wholes = values.map((value) => wholeWord(value === 'me' ? me : value));
    return ({ owner }) => owner !== null && wholes.some((is) => is(owner));
  }
  const parts = PARTS[key];
  const wanted = key === 'by' ? values.map((value) => (value === 'me' ? me : value)) : values;
  return (facts) => parts(facts).some((word) => wanted.some((part) => word?.includes(part)));
}

/** A value is a whole word, of which `*` is any end; amounts and days are compared. */
function fieldPredicate({ name, values, compared }: FieldTest): Predicate {
  if (compared) {
    const { sign, limit } = compared;
    const compare = COMPARE[sign];
    return ({ fields }) => {
      const value = fields[name];
      if (typeof value === 'number' && typeof limit === 'number') return compare(value, limit);
      return typeof value === 'string' && typeof limit === 'string' && compare(order(value, limit), 0);
    };
  }
  const wholes = values.map(wholeWord);
  return ({ fields }) => {
    const value = fields[name];
    return value !== undefined && wholes.some((is) => is(String(value).toLowerCase()));
  };
}

/** Days of the calendar in their order as texts. */
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function expiryPredicate({ compared }: ExpiryTest): Predicate {
  if (compared === 'any') return ({ expires }) => expires !== null;
  if (compared === 'none') return ({ expires }) => expires === null;
  const compare = COMPARE[compared.sign];
  return ({ expires }) => expires !== null && compare(order(expires, compared.day), 0);
}

function wholeWord(value: string): (word: string) => boolean {
  if (!value.endsWith('*')) return (word) => word === value;
  const start = value.slice(0, -1);
  return (word) => word.startsWith(start);
}

function textPredicate(part: string): Predicate {
  return (facts) =>
    facts.name.includes(part) ||
    facts.image.includes(part) ||
    facts.notes.includes(part) ||
    facts.by.includes(part) ||
    facts.contact.includes(part) ||
    [facts.owner, facts.ipv4, facts.ipv6, ...facts.tags, ...facts.links, ...facts.fieldTexts].some((word) =>
      word?.includes(part),
    );
}
