/** A line of a CSV file: its cells, and where the file has it, counted from 1. */
interface CsvRow {
  line: number;
  cells: string[];
}

/** What the cells of a line are parted by; spreadsheets of some countries write semicolons. */
const PARTED = [',', ';', '\t'] as const;

/**
 * Read CSV (RFC 4180, LF as well as CRLF, a byte order mark or none), parted by whatever its first line is. Lines without anything
 * are left out. Tells the line of a quote that is not closed, or that has something after it. Pure.
 */
export function readCsv(text: string): { rows: CsvRow[] } | { line: number; message: string } {
  const plain = text.replace(/^\uFEFF/, '');
  const by = separatorOf(plain);
  const rows: CsvRow[] = [];
  let row: CsvRow = { line: 1, cells: [] };
  let line = 1;
  const end = () => {
    if (row.cells.some((cell) => cell !== '')) rows.push(row);
  };
  for (let at = 0; at <= plain.length; ) {
    let cell: string;
    if (plain[at] === '"') {
      const begun = line;
      const closed = closingQuote(plain, at);
      if (closed < 0) return { line: begun, message: 'a quote (") that begins here is never closed' };
      cell = plain.slice(at + 1, closed).replaceAll('""', '"');
      line += cell.split('\n').length - 1;
      at = closed + 1;
      const next = plain[at];
      if (next !== undefined && next !== by && next !== '\n' && next !== '\r')
        return {
          line,
          message: `after a closing quote comes ${by === '\t' ? 'a tab' : by} or the end of the line, not ${next}`,
        };
    } else {
      const until = endOfCell(plain, at, by);
      cell = plain.slice(at, until);
      at = until;
    }
    row.cells.push(unmasked(cell));
    if (plain[at] === by) {
      at++;
      continue;
    }
    end();
    if (at >= plain.length) break;
    at += plain.startsWith('\r\n', at) ? 2 : 1;
    line++;
    row = { line, cells: [] };
  }
  return { rows };
}

/** Without the apostrophe that keeps a spreadsheet from taking it for a formula (csv-schema.ts). */
const unmasked = (cell: string) => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);

function separatorOf(text: string): string {
  const end = text.search(/[\r\n]/);
  const first = end < 0 ? text : text.slice(0, end);
  const counts = PARTED.map((by) => ({ by, count: first.split(by).length }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).by;
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

function endOfCell(text: string, from: number, by: string): number {
  let at = from;
  while (at < text.length && text[at] !== by && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}
