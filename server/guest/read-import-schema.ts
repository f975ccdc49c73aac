import { type Document, isMap, isNode, isSeq, LineCounter, type ParsedNode, parseAllDocuments } from 'yaml';
import { readCsvGuests } from './import-csv-schema.ts';
import { type FileProblem, type Found, KEPT_OUT, rowOf } from './import-row-schema.ts';
import { type ImportRow, MOST_IMPORT_CHARACTERS, MOST_IMPORT_ROWS } from './import-schema.ts';
import { firstAlias, lineOfPath } from './yaml-lines-schema.ts';

export type { FileProblem } from './import-row-schema.ts';

export const IMPORT_FORMATS = ['csv', 'json', 'yaml'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** A file as it was read. A guest with something wrong is in `problems`, and not in `rows`. */
export interface ImportFile {
  format: ImportFormat;
  rows: ImportRow[];
  problems: FileProblem[];
  /** What it tells and an import changes nothing of, by name: `state`, `usage`. */
  ignored: string[];
}

/** By the name of the file, else by how it begins. Pure. */
export function formatOf(name: string | null, text: string): ImportFormat {
  const ending = /\.(csv|tsv|json|ya?ml)$/i.exec(name ?? '')?.[1]?.toLowerCase();
  if (ending) return ending === 'json' ? 'json' : /^[ct]sv$/.test(ending) ? 'csv' : 'yaml';
  const start = text.replace(/^\uFEFF/, '').trimStart();
  if (/^[[{]/.test(start)) return 'json';
  const first = start.split(/\r?\n/, 1)[0] ?? '';
  return /^"?[a-z][\w. :-]*"?[,;\t]/i.test(first) && !/^\w+:\s/.test(first) ? 'csv' : 'yaml';
}

/** Read a file of guests: CSV and JSON as the list exports them, YAML as a guest's configuration shows it. Never throws. Pure. */
export function readImport(text: string, format: ImportFormat): ImportFile {
  const failed = (message: string, line = 1): ImportFile => ({
    format,
    rows: [],
    problems: [{ line, name: null, path: '', message }],
    ignored: [],
  });
  if (text.length > MOST_IMPORT_CHARACTERS)
    return failed(
      `the file has ${text.length} characters: at most ${MOST_IMPORT_CHARACTERS} are imported at once`,
    );
  const read = { csv: readCsvGuests, json: readJson, yaml: readYaml }[format](text);
  if ('problem' in read) return { format, rows: [], problems: [read.problem], ignored: [] };
  const { found, ignored = [] } = read;
  if (found.length === 0) return failed('there is no guest in it');
  if (found.length > MOST_IMPORT_ROWS)
    return failed(`the file has ${found.length} guests: at most ${MOST_IMPORT_ROWS} are imported at once`);
  return { format, ...judged(found), ignored: [...new Set([...ignored, ...found.flatMap(keptOutOf)])] };
}

const keptOutOf = ({ value }: Found) =>
  typeof value === 'object' && value !== null ? Object.keys(value).filter((key) => KEPT_OUT.has(key)) : [];

/** Each guest by itself, and each once. */
function judged(found: readonly Found[]): Pick<ImportFile, 'rows' | 'problems'> {
  const rows: ImportRow[] = [];
  const problems: FileProblem[] = [];
  const lines = new Map<string, number>();
  for (const one of found) {
    const result = rowOf(one);
    if ('problems' in result) {
      problems.push(...result.problems);
      continue;
    }
    const { name, id } = result.row;
    const keys = [`the name ${name}`, ...(id ? [`the id ${id}`] : [])];
    const twice = keys.find((key) => lines.has(key));
    if (twice === undefined) rows.push(result.row);
    else {
      const message = `${twice} is in line ${lines.get(twice)} too: a guest is in a file once`;
      problems.push({ line: one.line, name, path: 'name', message });
    }
    for (const key of keys) if (!lines.has(key)) lines.set(key, one.line);
  }
  return { rows, problems };
}

type Read = { found: Found[]; ignored?: string[] } | { problem: FileProblem };

function readJson(text: string): Read {
  let plain: unknown;
  try {
    plain = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? 0);
    const line = text.slice(0, at).split('\n').length;
    return {
      problem: {
        line,
        name: null,
        path: '',
        message: `this is no JSON: ${message.replace(/ \(line .*$/, '')}`,
      },
    };
  }
  const list = listOf(plain);
  const lines = Array.isArray(plain) ? linesOfElements(text) : [];
  return { found: list.map((value, index) => ({ value, line: lines[index] ?? 1, lineOf: null })) };
}

/** A list of guests, one guest, or `guests:` with a list. */
function listOf(plain: unknown): unknown[] {
  if (Array.isArray(plain)) return plain;
  const inner = typeof plain === 'object' && plain !== null && 'guests' in plain ? plain.guests : null;
  return Array.isArray(inner) ? inner : [plain];
}

/** A text, a bracket, a comma, the end of a line, or the first character of anything else. */
const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},\n]|[^\s[\]{},"]+/g;

/** The lines on which the elements of a JSON list begin; the text is JSON. */
function linesOfElements(text: string): number[] {
  const lines: number[] = [];
  let depth = 0;
  let line = 1;
  for (const [token] of text.matchAll(JSON_TOKEN)) {
    if (token === '\n') line++;
    else if (token === ']' || token === '}') depth--;
    else if (token !== ',') {
      if (depth === 1) lines.push(line);
      if (token === '[' || token === '{') depth++;
    }
  }
  return lines;
}

function readYaml(text: string): Read {
  const lines = new LineCounter();
  const documents = parseAllDocuments<ParsedNode>(text, { lineCounter: lines, uniqueKeys: true });
  if (!Array.isArray(documents)) return { found: [] };
  const found: Found[] = [];
  for (const document of documents) {
    const wrong = wrongIn(document);
    if (wrong) {
      const { at, message } = wrong;
      return { problem: { line: lines.linePos(at).line, name: null, path: '', message } };
    }
    if (document.contents !== null) found.push(...guestsIn(document, lines));
  }
  return { found };
}

type Parsed = Document.Parsed<ParsedNode, boolean>;

function wrongIn(document: Parsed): { at: number; message: string } | null {
  const [error] = document.errors;
  if (error) {
    const message = error.message.split('\n')[0]?.replace(/ at line .*$/, '') ?? 'this is not YAML';
    return { at: error.pos[0], message };
  }
  const alias = firstAlias(document);
  return alias === null ? null : { at: alias, message: 'aliases are not used here' };
}

function guestsIn(document: Parsed, lines: LineCounter): Found[] {
  const plain: unknown = document.toJS();
  const inner = isMap(document.contents) && isSeq(document.get('guests', true)) ? ['guests'] : [];
  const isList = isSeq(document.contents) || inner.length > 0;
  return (isList ? listOf(plain) : [plain]).map((value, index) => {
    const base = isList ? [...inner, index] : [];
    const node: unknown = base.length > 0 ? document.getIn(base, true) : document.contents;
    const start = isNode(node) && node.range ? lines.linePos(node.range[0]).line : 1;
    const lineOf = (path: readonly PropertyKey[]) =>
      path.length === 0 ? start : Math.max(start, lineOfPath(document, lines, [...base, ...path]));
    return { value, line: start, lineOf };
  });
}
