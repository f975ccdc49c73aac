import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayAfter, dayOf } from './expiry-schema.ts';
import { matchQuery } from './match-query.ts';
import type { QueryFacts } from './query-facts.ts';
import { parseQuery, QUERY_KEYS, queryWords, termText, toggleTerm } from './query-schema.ts';
import { groupFacts, groupsBy, readOrder, sortFacts } from './sort-facts.ts';

function facts(name: string, over: Partial<QueryFacts> = {}): QueryFacts {
  return {
    record: {
      createdAt: '2026-01-01',
      run: null,
      state: 'running',
      image: over.image ?? 'debian/12',
    } as never,
    name,
    order: name,
    state: 'running',
    project: 'default',
    host: 'Anchor',
    kind: 'system',
    image: 'debian/12',
    by: 'ada',
    owner: 'ada',
    tags: [],
    notes: '',
    contact: '',
    links: [],
    expires: null,
    fields: {},
    fieldTexts: Object.values(over.fields ?? {}).map((value) => String(value).toLowerCase()),
    ipv4: '10.209.0.2',
    ipv6: 'fd00::2',
    cpu: 0.5,
    memory: 100 * 1024 ** 2,
    pids: 7,
    ...over,
  };
}

const GUESTS = [
  facts('web-1', { tags: ['env=prod', 'web'], notes: 'pays the bills\ncall bob' }),
  facts('web-2', {
    state: 'stopped',
    ...{ cpu: null, memory: null, pids: null },
    tags: ['webserver'],
    contact: 'ops@example.com',
    links: ['runbook', 'https://wiki.example.com/web'],
    expires: dayAfter(dayOf(Date.now()), 3),
    fields: { cost: 4711, stage: 'Blue Green' },
    ipv4: '10.209.0.77',
    ipv6: null,
  }),
  facts('db-1', {
    state: 'frozen',
    kind: 'application',
    by: 'bob',
    owner: null,
    image: 'berth/mini',
    tags: ['env=test'],
    expires: '2020-01-01',
    fields: { cost: 5, until: '2026-12-31' },
  }),
];
const found = (query: string, me = 'ada') =>
  GUESTS.filter(matchQuery(parseQuery(query), me)).map(({ name }) => name);

test.each([
  ['', ['web-1', 'web-2', 'db-1']],
  ['state:running', ['web-1']],
  ['state:running,frozen', ['web-1', 'db-1']],
  ['-state:running', ['web-2', 'db-1']],
  ['image:debian', ['web-1', 'web-2']],
  ['kind:application', ['db-1']],
  ['by:BOB', ['db-1']],
  ['ip:10.209.0.77', ['web-2']],
  ['WEB', ['web-1', 'web-2']],
  ['web state:stopped', ['web-2']],
  ['fd00::2', ['web-1', 'db-1']],
  ['pids>=7', ['web-1', 'db-1']],
  ['contact:ops', ['web-2']],
  ['link:runbook', ['web-2']],
  ['wiki', ['web-2']],
  ['expires:<7d', ['web-2', 'db-1']],
  ['expires:<=3d', ['web-2', 'db-1']],
  ['expires:<3d', ['db-1']],
  ['expires:>0d', ['web-2']],
  ['expires:*', ['web-2', 'db-1']],
  ['expires:none', ['web-1']],
  ['-expires:none', ['web-2', 'db-1']],
  ['expires:2020-01-01', ['db-1']],
  ['field:cost', ['web-2', 'db-1']],
  ['field:cost=4711', ['web-2']],
  ['field:cost=5,4711', ['web-2', 'db-1']],
  ['field:cost>5', ['web-2']],
  ['field:until<=2026-12-31', ['db-1']],
  ['field:stage="blue green"', ['web-2']],
  ['field:stage=blue*', ['web-2']],
  ['"blue green"', ['web-2']],
  ['cpu<0.5', []],
  ['mem>64M', ['web-1', 'db-1']],
  ['memory=100MiB', ['web-1', 'db-1']],
  ['tag:web', ['web-1']],
  ['tag:web*', ['web-1', 'web-2']],
  ['tag:web,webserver', ['web-1', 'web-2']],
  ['tag:env=prod', ['web-1']],
  ['env=prod', ['web-1']],
  ['-tag:env*', ['web-2']],
  ['owner:me', ['web-1', 'web-2']],
  ['-owner:*', ['db-1']],
  ['bills', ['web-1']],
  ['"the bills"', ['web-1']],
  ['notes:"call bob"', ['web-1']],
  ['"the bob"', []],
])('%j finds %j', (query, names) => {
  expect(found(query)).toEqual(names);
});

test('me is who asks', () => {
  expect(found('by:me', 'bob')).toEqual(['db-1']);
  expect(found('owner:me', 'bob')).toEqual([]);
});

test.each([
  ['mem>much', 'much is no amount'],
  ['pids>', 'nothing is no amount'],
  ['disk>1', 'no amount is called disk'],
  ['colour:red', 'nothing is called colour'],
  ['state:flying', 'no state is called flying'],
  ['state:', 'needs a value'],
  ['tag:""', 'needs a value'],
  ['-tag:,', 'needs a value'],
])('%j is refused with a reason and hides no guest', (query, reason) => {
  const [term] = parseQuery(query);
  expect(term?.problem).toContain(reason);
  expect(found(query)).toHaveLength(3);
});

test('a chip puts its term in, replaces one of its key, and takes itself out', () => {
  expect(toggleTerm('web', 'state:running')).toBe('web state:running');
  expect(toggleTerm('state:running "a b"', 'state:stopped')).toBe('"a b" state:stopped');
  expect(toggleTerm('web state:running', 'state:running')).toBe('web');
});

describe('whatever is typed', () => {
  const piece = fc.oneof(
    fc.fullUnicodeString({ maxLength: 12 }),
    fc.constantFrom('tag:', 'state:', '"', '-', ',', ' ', ':', '>', '=', '*', 'mem>', '1k', 'me', '\\', '\0'),
  );
  const query = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

  test('each word is read or has a reason, and matching it never throws', () => {
    fc.assert(
      fc.property(query, (text) => {
        const terms = parseQuery(text);
        expect(terms.map((term) => term.text)).toEqual(queryWords(text));
        for (const { test: tests, problem } of terms)
          expect((tests === null) !== (problem === null)).toBe(true);
        GUESTS.filter(matchQuery(terms, 'ada'));
      }),
    );
  });

  test('a minus turns a term round: each guest is on one side', () => {
    fc.assert(
      fc.property(query, (text) => {
        const [word] = queryWords(text).filter((each) => !each.startsWith('-'));
        if (word === undefined || parseQuery(word)[0]?.problem !== null) return;
        expect([...found(word), ...found(`-${word}`)].sort()).toEqual(GUESTS.map(({ name }) => name).sort());
      }),
    );
  });

  test('more words never find more', () => {
    fc.assert(
      fc.property(query, query, (a, b) => {
        if ((a.match(/"/g)?.length ?? 0) % 2 === 1) return;
        const both = found(`${a} ${b}`);
        expect(found(a)).toEqual(expect.arrayContaining(both));
      }),
    );
  });

  test('a value that is written as a term is found as it was', () => {
    fc.assert(
      fc.property(fc.constantFrom(...QUERY_KEYS), fc.fullUnicodeString({ minLength: 1 }), (key, value) => {
        const plain = value.replaceAll('"', '').toLowerCase();
        if (plain === '' || key === 'state') return;
        const terms = parseQuery(termText(key, plain));
        expect(terms).toHaveLength(1);
        expect(terms[0]?.test).toEqual({ kind: 'word', key, values: [plain] });
      }),
    );
  });
});

describe('the order', () => {
  const names = (rows: readonly QueryFacts[]) => rows.map(({ name }) => name);

  test('takes several keys; what has no value comes last either way; unknown keys are passed over', () => {
    expect(names(sortFacts(GUESTS, 'cpu'))).toEqual(['db-1', 'web-1', 'web-2']);
    expect(names(sortFacts(GUESTS, '-cpu'))).toEqual(['db-1', 'web-1', 'web-2']);
    expect(names(sortFacts(GUESTS, 'kind,-name'))).toEqual(['db-1', 'web-2', 'web-1']);
    expect(names(sortFacts(GUESTS, '<img>,__proto__,-name'))).toEqual(['web-2', 'web-1', 'db-1']);
    expect(readOrder('constructor,-')).toEqual([]);
  });

  test('groups have who belongs to them, those with nothing last', () => {
    const by = (grouping: string) => {
      const groups = groupsBy(grouping);
      return groups && groupFacts(sortFacts(GUESTS, ''), groups);
    };
    expect(by('tag:env')).toMatchObject({
      groups: [
        { key: 'prod', count: 1 },
        { key: 'test', count: 1 },
        { key: '', count: 1 },
      ],
    });
    expect(names(by('tag:env')?.rows ?? [])).toEqual(['web-1', 'db-1', 'web-2']);
    expect(by('tag')?.rows).toHaveLength(4);
    expect(by('owner')?.groups).toEqual([
      { key: 'ada', count: 2 },
      { key: '', count: 1 },
    ]);
    for (const wrong of ['', 'toString', 'tag:', '<img>']) expect(by(wrong)).toBeNull();
  });
});
