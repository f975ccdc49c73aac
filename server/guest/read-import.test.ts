import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testGuest } from '../../app/_features/guests/test-guest.ts';
import { guestCsv } from './csv-schema.ts';
import { changeOf, tellChange } from './import-change.ts';
import { MOST_IMPORT_CHARACTERS, MOST_IMPORT_ROWS } from './import-schema.ts';
import { formatOf, type ImportFormat, readImport } from './read-import-schema.ts';
import type { GuestRecord } from './record.ts';
import { guestWords } from './record-schema.ts';
import type { GuestView } from './schema.ts';
import { guestYaml } from './yaml-schema.ts';

const EXPORTS: Record<ImportFormat, (guests: readonly GuestView[]) => string> = {
  csv: (guests) => guestCsv(guests),
  json: (guests) => JSON.stringify(guests, null, 2),
  yaml: guestYaml,
};

const TRICKY = [
  '=1+1',
  "'=cmd",
  '-5',
  '+49 30',
  '@x',
  '007',
  'true',
  'null',
  '~',
  '# a',
  'a: b',
  '"',
  'ü',
  'x;y',
  '- y',
];
const line = fc
  .oneof(fc.constantFrom(...TRICKY), fc.fullUnicodeString({ minLength: 1, maxLength: 40 }))
  .filter((text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text) && text.isWellFormed());
const notes = fc
  .array(line, { maxLength: 5 })
  .chain((lines) => fc.constantFrom('\n', '\r\n', '\n\n').map((by) => lines.join(by)));
const url = fc.constantFrom(
  'https://a.example/?x=1#y',
  'http://b.example/with a space',
  'https://c.example/',
);
const words = fc.record({
  tags: fc.uniqueArray(fc.constantFrom('env=prod', 'web', 'ü', '1.5', '007', 'a:b'), { maxLength: 4 }),
  notes,
  owner: fc.constantFrom(null, 'ada', 'root'),
  contact: fc.oneof(
    fc.constant(''),
    line.map((text) => text.slice(0, 200)),
  ),
  links: fc.uniqueArray(
    fc.record({ title: line.map((text) => text.trim().slice(0, 80)).filter(Boolean), url }),
    { selector: (one) => one.url },
  ),
  expires: fc.constantFrom(null, '2999-01-01'),
  atExpiry: fc.constantFrom('nothing' as const, 'stop' as const),
  fields: fc.dictionary(
    fc.constantFrom('cost', 'stage', 'owner', 'state'),
    fc.oneof(
      line.map((text) => text.slice(0, 500)),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    ),
    { noNullPrototype: true },
  ),
});

/** What a record has of what a view tells. */
const recordOf = (guest: GuestView) => guest as unknown as GuestRecord;

describe('what is exported comes back as the same', () => {
  test.each(Object.keys(EXPORTS) as ImportFormat[])('%s', (format) => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), (all) => {
        const guests = all.map((written, index) => {
          expect(guestWords.safeParse(written).error).toBeUndefined();
          return testGuest(`web-${index}`, written);
        });
        const text = EXPORTS[format](guests);
        expect(formatOf(null, text)).toBe(format);
        const read = readImport(text, format);
        expect(read.problems).toEqual([]);
        expect(read.rows.map(({ name }) => name)).toEqual(guests.map(({ name }) => name));
        for (const [index, row] of read.rows.entries()) {
          const record = recordOf(guests[index] as GuestView);
          const change = changeOf(row, record, []);
          expect(tellChange(row, record, change)).toEqual([]);
          expect(change).toEqual({ name: null, project: null, settings: null, words: null });
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('what differs is told one by one', () => {
  const guest = testGuest('web', { tags: ['a'], notes: 'old', fields: { cost: 5 } });
  test('of a CSV with two columns nothing else', () => {
    const { rows } = readImport('name;tags;limits.memory\nweb;a b;1 GiB\n', 'csv');
    const [row] = rows;
    if (!row) throw new Error('no row');
    const change = changeOf(row, recordOf(guest), []);
    expect(change).toMatchObject({
      settings: { limits: { memory: 1024 ** 3 } },
      words: { addTags: ['b'] },
      project: null,
    });
    expect(tellChange(row, recordOf(guest), change)).toEqual([
      { path: 'tags', from: ['a'], to: ['a', 'b'] },
      { path: 'limits.memory', from: guest.limits.memory, to: 1024 ** 3 },
    ]);
  });

  test('an empty cell takes away, a part of YAML is filled with what is usual', () => {
    const csv = readImport('name,owner,field:cost\nweb,,\n', 'csv').rows[0];
    expect(csv).toMatchObject({ owner: null, fields: { cost: null } });
    const yaml = readImport(
      'name: web\nisolation:\n  mounts:\n    - source: volume:a\n      target: /a\n',
      'yaml',
    );
    expect(yaml.problems).toEqual([]);
    expect(yaml.rows[0]?.isolation?.mounts).toEqual([
      {
        source: 'volume:a',
        target: '/a',
        readOnly: false,
        idmap: true,
        recursive: false,
        propagation: 'private',
      },
    ]);
  });
});

describe('what is wrong is told by its line', () => {
  test.each<[ImportFormat, string, number, string]>([
    ['csv', 'name,notse\nweb,x\n', 1, 'there is no column notse: use notes'],
    ['csv', 'tags\na\n', 1, 'one of them is name'],
    ['csv', 'name,name\na,b\n', 1, 'twice'],
    ['csv', 'name,tags\n"a\nb,c\n', 2, 'never closed'],
    ['csv', 'name,tags\nweb,a,b\n', 2, '3 cells'],
    ['csv', 'name,tags\nweb,a\nWeb,a\n', 3, 'lower-case'],
    ['csv', 'name,limits.cpu\nweb,much\n', 2, 'cpu is a number of cores'],
    ['csv', 'name\nweb\ndb\nweb\n', 4, 'the name web is in line 2 too'],
    ['json', '[\n  {"name": "web"},\n  {"name": 5}\n]', 3, 'name'],
    ['json', '[{"name":\n"web",}]', 2, 'this is no JSON'],
    ['json', '[1]', 1, 'a guest has names and values'],
    ['yaml', 'name: web\n---\nname: db\nlimits:\n  memory: much\n', 5, 'memory is a number of bytes'],
    ['yaml', 'name: web\nonwer: ada\n', 2, 'onwer is nothing that a guest has: did you mean owner'],
    ['yaml', 'a: &a [1]\nb: *a\n', 2, 'aliases'],
    ['yaml', 'name: web\nname: db\n', 2, 'unique'],
    ['yaml', '- name: web\n- name: db\n  limits: {cpu: 0}\n', 3, 'at least 0.01'],
    ['yaml', '', 1, 'no guest'],
  ])('%s %j', (format, text, at, message) => {
    const { problems } = readImport(text, format);
    expect(problems[0]).toMatchObject({ line: at, message: expect.stringContaining(message) });
  });

  test('more than is taken at once is refused, quickly', () => {
    const many = `name\n${Array.from({ length: MOST_IMPORT_ROWS + 1 }, (_, n) => `g${n}`).join('\n')}`;
    expect(readImport(many, 'csv').problems[0]?.message).toContain(`at most ${MOST_IMPORT_ROWS}`);
    const long = 'x'.repeat(MOST_IMPORT_CHARACTERS + 1);
    for (const format of ['csv', 'json', 'yaml'] as const)
      expect(readImport(long, format).problems[0]?.message).toContain('characters');
  });

  test('whatever a file is, reading it ends without an error', () => {
    const text = fc.oneof(
      fc.fullUnicodeString(),
      fc.json(),
      fc.stringOf(fc.constantFrom(...'name,:;"\n-[]{}#&*!|> \t')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('csv', 'json', 'yaml'), (any, format) => {
        const { rows, problems } = readImport(any, format as ImportFormat);
        expect(rows.length + problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});
