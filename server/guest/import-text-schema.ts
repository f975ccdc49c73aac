import { BYTES_PATHS } from './setting-paths-schema.ts';
import { formatSize } from './size-schema.ts';

/** Characters of a value that are shown. */
const MOST_SHOWN = 300;

/** A value of a change for people, on one line: `512 MiB`, `web, env=prod`, `none`. Pure. */
export function valueText(path: string, value: unknown): string {
  const text = plainText(path, value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

function plainText(path: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (typeof value === 'number') return BYTES_PATHS.has(path) ? formatSize(value) : String(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value.replace(/\s*\n\s*/g, ' ⏎ ').trim();
  if (!Array.isArray(value)) return JSON.stringify(value);
  if (value.length === 0) return 'none';
  return value.map(entryText).join(', ');
}

function entryText(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return String(entry);
  if ('title' in entry && 'url' in entry) return `${entry.title} ${entry.url}`;
  return JSON.stringify(entry);
}
