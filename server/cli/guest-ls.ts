import type { GuestView } from '../guest/schema.ts';
import type { CommandSpec } from './command.ts';
import { misused } from './fail.ts';
import { GUEST_COLUMNS, guestRow } from './show-guest.ts';
import { formatTable } from './table.ts';

export const guestLs: CommandSpec = {
  usage: '[SEARCH...] [--state STATE] [--tag TAG] [--sort KEYS] [--csv | --yaml]',
  about: [
    'SEARCH is what the search of the page takes: berth guest ls tag:web state:running owner:me "mem>512M".',
    'A word that begins with a minus, which turns it round, comes after --.',
  ].join('\n'),
  options: {
    state: { type: 'string', value: 'STATE', help: 'only those in this state, such as running' },
    tag: {
      type: 'string',
      multiple: true,
      value: 'TAG',
      help: 'only those with this tag; several: with all of them',
    },
    sort: { type: 'string', value: 'KEYS', help: 'by what: --sort=-memory,name is the largest first' },
    csv: { type: 'boolean', help: 'as CSV, for a spreadsheet' },
    yaml: { type: 'boolean', help: 'as YAML, to make them again of: see berth guest import' },
  },
  names: { min: 0, max: 100, what: '' },
  rest: 'more words of the search',
  async run({ api: connect, flag, json, names, out, rest, text, texts }) {
    const wanted = text('state');
    if (wanted !== undefined) await requireState(wanted);
    const words = [...names, ...(rest ?? [])].map(quoted);
    await requireReadable(words.join(' '));
    const api = await connect();
    const sort = text('sort') ?? '';
    const isSearch = words.length > 0 || sort !== '';
    const all = isSearch
      ? await (await searching()).searchAll(api, { q: words.join(' '), sort: await knownOrder(sort) })
      : await api.query('guest', 'list');
    const tags = texts('tag');
    const guests = all.filter(
      (guest: GuestView) =>
        (wanted === undefined || guest.state === wanted) && tags.every((tag) => guest.tags.includes(tag)),
    );
    if (json) out.json(guests);
    else if (flag('csv')) out.line((await import('../guest/csv-schema.ts')).guestCsv(guests).trimEnd());
    else if (flag('yaml')) out.line((await import('../guest/yaml-schema.ts')).guestYaml(guests).trimEnd());
    else if (guests.length === 0)
      out.note(
        all.length === 0 && !isSearch ? 'no guests yet: berth guest create --start' : 'no guest is like that',
      );
    else
      out.line(
        formatTable(
          GUEST_COLUMNS,
          guests.map((guest) => guestRow(guest, out.paint)),
        ),
      );
    return 0;
  },
};

/** Loaded only by who searches: a plain list is quick. */
const searching = () => import('./search-pages.ts');

/** A word of the shell is one word of the search. */
const quoted = (word: string) => (/\s/.test(word) && !word.includes('"') ? `"${word}"` : word);

async function knownOrder(sort: string): Promise<string> {
  if (sort === '') return sort;
  const { fieldIn, SORT_KEYS } = await import('../guest/search-schema.ts');
  const isKnown = (word: string) => fieldIn(word) !== null || SORT_KEYS.some((key) => key === word);
  const unknown = sort.split(',').find((word) => !isKnown(word.replace(/^-/, '')));
  if (unknown === undefined) return sort;
  throw misused(
    `--sort is ${JSON.stringify(sort)}: its keys must be of ${SORT_KEYS.join(', ')} or field:NAME`,
  );
}

/** A word that cannot be read would hide no guest: here it is refused, as what is listed may be what is deleted next. */
async function requireReadable(q: string): Promise<void> {
  if (q === '') return;
  const { parseQuery } = await import('../guest/query-schema.ts');
  const wrong = parseQuery(q).find(({ problem }) => problem);
  if (wrong?.problem) throw misused(wrong.problem);
}

async function requireState(state: string): Promise<void> {
  const { GUEST_STATES } = await import('../guest/state.ts');
  if (!GUEST_STATES.some((one) => one === state)) {
    throw misused(`--state is ${JSON.stringify(state)}: it must be ${GUEST_STATES.join(', ')}`);
  }
}
