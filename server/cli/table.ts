import { stripVTControlCharacters } from 'node:util';

export interface Column {
  title: string;
  align?: 'left' | 'right';
}

function width(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

/** Rows aligned under their titles, two spaces apart, without spaces at the ends of lines. Cells may carry colours. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map((column) => column.title), ...rows];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => width(line[i] ?? ''))));
  return lines
    .map((line) =>
      columns
        .map((column, i) => {
          const cell = line[i] ?? '';
          const space = ' '.repeat((widths[i] ?? 0) - width(cell));
          return column.align === 'right' ? space + cell : cell + space;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `name  value` lines with the values under each other. */
export function formatPairs(pairs: readonly (readonly [string, string])[]): string {
  const widest = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(widest)}  ${value}`.trimEnd()).join('\n');
}
