import { z } from 'zod';
import { explainInput } from '../errors/explain-input.ts';
import { suggestion } from '../errors/nearest.ts';
import { type ImportRow, importRow } from './import-schema.ts';
import { DEFAULT_INIT } from './init-schema.ts';
import { DEFAULT_ISOLATION } from './isolation-schema.ts';
import { guestView } from './schema.ts';
import { ENTRY_DEFAULTS, withSizes } from './setting-paths-schema.ts';
import { parseSize } from './size-schema.ts';

/** Something wrong with a file. */
export interface FileProblem {
  /** Counted from 1. */
  line: number;
  /** Of the guest; null where it is about the file, or where it has none that can be read. */
  name: string | null;
  /** The setting, where it is one: `limits.memory`. */
  path: string;
  message: string;
}

/** A guest as a file has it, not looked at yet. */
export interface Found {
  value: unknown;
  line: number;
  /** The line of a setting; null: that of the guest will do. */
  lineOf: ((path: readonly PropertyKey[]) => number) | null;
}

const KEYS = new Set(Object.keys(importRow.shape).filter((key) => key !== 'line'));
/** What an export tells of a guest and an import cannot set. */
export const KEPT_OUT: ReadonlySet<string> = new Set(
  Object.keys(guestView.shape).filter((key) => !KEYS.has(key)),
);

/** A guest of a file as the server takes it, or all that is wrong with it. Pure. */
export function rowOf({ value, line, lineOf }: Found): { row: ImportRow } | { problems: FileProblem[] } {
  if (!isRecord(value)) {
    const message = `a guest has names and values, such as name: web, and is not ${JSON.stringify(value)?.slice(0, 80)}`;
    return { problems: [{ line, name: null, path: '', message }] };
  }
  const name = typeof value.name === 'string' ? value.name.slice(0, 80) : null;
  const problem = (path: readonly PropertyKey[], message: string): FileProblem => ({
    line: lineOf?.(path) ?? line,
    name,
    path: path.map(String).join('.'),
    message,
  });
  const problems = Object.keys(value)
    .filter((key) => !KEYS.has(key) && !KEPT_OUT.has(key))
    .map((key) =>
      problem(
        [key],
        `${key} is nothing that a guest has${suggestion(key, [...KEYS]) || `: use ${[...KEYS].join(', ')}`}`,
      ),
    );
  const known = Object.entries(value).filter(([key, each]) => KEYS.has(key) && each !== undefined);
  const plain: Record<string, unknown> = { ...Object.fromEntries(known), line };
  const sized = (size: unknown) => (typeof size === 'string' ? (parseSize(size) ?? size) : size);
  const whole = filled({
    ...plain,
    ...('limits' in plain && { limits: withSizes(plain.limits, ['limits'], sized) }),
  });
  const result = importRow.safeParse(whole);
  if (result.success && problems.length === 0) return { row: result.data };
  for (const issue of result.error?.issues ?? [])
    problems.push(problem(issue.path, explainInput(new z.ZodError([issue]), whole).message));
  return { problems };
}

/** Parts of which only something is said, with the rest as it is by default: nobody writes out every key of a mount. */
function filled(row: Record<string, unknown>): Record<string, unknown> {
  const result = { ...row };
  for (const [group, defaults] of [
    ['isolation', DEFAULT_ISOLATION],
    ['init', DEFAULT_INIT],
  ] as const) {
    const given = row[group];
    if (!isRecord(given)) continue;
    const parts = Object.entries(given).map(([key, part]) => {
      const usual = Object.entries(defaults).find(([known]) => known === key)?.[1];
      return [key, isRecord(usual) && isRecord(part) && !('mode' in usual) ? { ...usual, ...part } : part];
    });
    result[group] = Object.fromEntries(parts);
  }
  for (const [path, usual] of Object.entries(ENTRY_DEFAULTS)) {
    const [group = '', list = ''] = path.split('.');
    const parent = result[group];
    const entries = isRecord(parent) ? parent[list] : undefined;
    if (!isRecord(parent) || !Array.isArray(entries)) continue;
    const all = entries.map((entry) => (isRecord(entry) ? { ...usual, ...entry } : entry));
    result[group] = { ...parent, [list]: all };
  }
  return result;
}

/** A map of a file, and no list. Pure. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
