import { nearest } from '../errors/nearest.ts';
import { CSV_HEADS } from './csv-schema.ts';
import type { FileProblem, Found } from './import-row-schema.ts';
import { readCsv } from './read-csv-schema.ts';
import { fieldIn } from './search-schema.ts';

type Cell = (text: string) => unknown;

/** What is left out where the cell is empty: nothing is said of it. */
const said: Cell = (text) => (text === '' ? undefined : text);
const orNull: Cell = (text) => (text === '' ? null : text);
const plain: Cell = (text) => text;
const amount: Cell = (text) => (text === '' ? undefined : /^\d+(\.\d+)?$/.test(text) ? Number(text) : text);

/** How a cell of each column is read; columns of the list that are not here only tell something. */
const READ: Readonly<Record<string, Cell>> = {
  ...{ name: plain, project: said, kind: said, image: said, atExpiry: said },
  ...{ notes: plain, contact: plain, owner: orNull, expires: orNull },
  tags: (text) => text.split(/\s+/).filter(Boolean),
  links: (text) => text.split('\n').filter(Boolean).map(readLink),
  'limits.cpu': amount,
  'limits.memory': amount,
  'limits.swap': amount,
  'limits.pids': amount,
};

/** Guests of a CSV file with the columns of the list's own. Pure. */
export function readCsvGuests(
  text: string,
): { found: Found[]; ignored: string[] } | { problem: FileProblem } {
  const read = readCsv(text);
  const failed = (line: number, message: string) => ({ problem: { line, name: null, path: '', message } });
  if ('message' in read) return failed(read.line, read.message);
  const [head, ...rows] = read.rows;
  if (!head) return { found: [], ignored: [] };
  const heads = head.cells.map((cell) => cell.trim());
  const columns = heads.map((name) =>
    fieldIn(name) !== null || name === 'id' ? name : (CSV_HEADS.get(name) ?? null),
  );
  const unknown = heads.findIndex((name, index) => name !== '' && columns[index] === null);
  if (unknown >= 0) {
    const name = heads[unknown] ?? '';
    const close = nearest(name, [...CSV_HEADS.keys()]);
    const use = close ? `use ${close}` : 'use the columns of an export';
    return failed(
      head.line,
      `there is no column ${name}: ${use}, and field:${name} for a field of a project`,
    );
  }
  const twice = heads.find((name, index) => name !== '' && heads.indexOf(name) !== index);
  if (twice !== undefined) return failed(head.line, `the column ${twice} is there twice`);
  if (!columns.includes('name'))
    return failed(head.line, 'the first line names the columns, and one of them is name');
  const long = rows.find(({ cells }) => cells.length > heads.length);
  if (long)
    return failed(
      long.line,
      `this line has ${long.cells.length} cells, and the first one has ${heads.length}`,
    );
  const found = rows.map(({ line, cells }) => ({ line, value: guestOf(columns, cells), lineOf: null }));
  const ignored = heads.filter((_name, index) => isTold(columns[index] ?? null));
  return { found, ignored };
}

const isTold = (column: string | null) =>
  column !== null && column !== 'id' && fieldIn(column) === null && !Object.hasOwn(READ, column);

function guestOf(columns: readonly (string | null)[], cells: readonly string[]): Record<string, unknown> {
  const guest: Record<string, unknown> = {};
  const limits: [string, unknown][] = [];
  const fields: [string, unknown][] = [];
  for (const [index, column] of columns.entries()) {
    // A line may end early: nothing is said of the rest.
    const cell = cells[index];
    if (column === null || cell === undefined) continue;
    const field = fieldIn(column);
    const limit = /^limits\.(\w+)$/.exec(column)?.[1];
    const value = field !== null ? orNull(cell) : column === 'id' ? said(cell) : READ[column]?.(cell);
    if (value === undefined) continue;
    if (field !== null) fields.push([field, value]);
    else if (limit) limits.push([limit, value]);
    else guest[column] = value;
  }
  if (limits.length > 0) guest.limits = Object.fromEntries(limits);
  if (fields.length > 0) guest.fields = Object.fromEntries(fields);
  return guest;
}

/** `Runbook https://wiki/web`, or JSON (csv-schema.ts). What is none of it is refused by what links have to be. */
function readLink(line: string): unknown {
  if (line.startsWith('{')) {
    try {
      return JSON.parse(line);
    } catch {
      return line;
    }
  }
  const at = line.lastIndexOf(' ');
  return { title: line.slice(0, Math.max(at, 0)), url: line.slice(at + 1) };
}
