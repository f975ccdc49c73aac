import { isMap, isNode, LineCounter, parseDocument, stringify, visit } from 'yaml';
import type { z } from 'zod';
import {
  configureGuestInput,
  type GuestLimits,
  type GuestView,
  guestLimits,
} from '../../../server/guest/schema.ts';
import { formatSize, parseSize } from './size.ts';

/** What of a guest can be changed while it exists. */
export interface GuestConfig {
  limits: GuestLimits;
  command: string[];
  stopTimeoutMs: number;
}

/** Something wrong with the text, at a line counted from 1. */
export interface ConfigProblem {
  line: number;
  message: string;
}

export interface ConfigChange {
  /** As in the YAML: `limits.memory`. */
  path: string;
  from: string;
  to: string;
}

export type ConfigureInput = Omit<z.infer<typeof configureGuestInput>, 'guest'>;

const KEYS = ['limits', 'command', 'stopTimeoutMs'] as const;
const LIMIT_KEYS = ['cpu', 'memory', 'swap', 'pids'] as const;
const configSchema = configureGuestInput.omit({ guest: true }).required().extend({ limits: guestLimits });

export function configOf(guest: GuestView): GuestConfig {
  return { limits: guest.limits, command: guest.command, stopTimeoutMs: guest.stopTimeoutMs };
}

/** The configuration as YAML; sizes with IEC units wherever that loses nothing. */
export function toYaml(config: GuestConfig): string {
  const { cpu, memory, swap, pids } = config.limits;
  const limits = { cpu, memory: formatSize(memory), swap: formatSize(swap), pids };
  return stringify(
    { limits, command: config.command, stopTimeoutMs: config.stopTimeoutMs },
    { lineWidth: 0 },
  );
}

/** Read YAML back: the configuration, or every problem with the line it is on. Never throws. */
export function parseConfig(text: string): { config: GuestConfig | null; problems: ConfigProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const lineOf = (path: readonly PropertyKey[]) => lineOfPath(document, lines, path);
  const problems: ConfigProblem[] = document.errors.map((error) => ({
    line: lines.linePos(error.pos[0]).line,
    message: error.message.split('\n')[0]?.replace(/ at line .*$/, '') ?? 'this is not YAML',
  }));
  if (problems.length > 0) return { config: null, problems };
  if (!isMap(document.contents)) {
    return {
      config: null,
      problems: [{ line: 1, message: `a configuration has the keys ${KEYS.join(', ')}` }],
    };
  }
  const alias = firstAlias(document);
  if (alias !== null) {
    return {
      config: null,
      problems: [{ line: lines.linePos(alias).line, message: 'aliases are not used here' }],
    };
  }
  const { value, unknown } = readPlain(document.toJS());
  for (const path of unknown) {
    const known = path.length > 1 ? LIMIT_KEYS : KEYS;
    problems.push({
      line: lineOf(path),
      message: `${path.join('.')} is not known here: use ${known.join(', ')}`,
    });
  }
  const result = configSchema.safeParse(value);
  if (!result.success) {
    problems.push(...issuesOf(result.error).map(({ path, message }) => ({ line: lineOf(path), message })));
  }
  problems.sort((a, b) => a.line - b.line);
  return { config: result.success && problems.length === 0 ? result.data : null, problems };
}

/** The line that an error of the server about `path` belongs to. */
export function lineOfField(text: string, path: readonly PropertyKey[]): number {
  const lines = new LineCounter();
  return lineOfPath(parseDocument(text, { lineCounter: lines }), lines, path);
}

/** What differs, in the order of the file. */
export function changesBetween(before: GuestConfig, after: GuestConfig): ConfigChange[] {
  const a = flatten(before);
  const b = flatten(after);
  return [...a.keys()].flatMap((path) => {
    const from = a.get(path) ?? '';
    const to = b.get(path) ?? '';
    return from === to ? [] : [{ path, from, to }];
  });
}

/** Only what differs, as `guest.configure` takes it. */
export function configureInput(before: GuestConfig, after: GuestConfig): ConfigureInput {
  const input: ConfigureInput = {};
  const limits: Partial<GuestLimits> = {};
  for (const key of LIMIT_KEYS) if (before.limits[key] !== after.limits[key]) limits[key] = after.limits[key];
  if (Object.keys(limits).length > 0) input.limits = limits;
  if (JSON.stringify(before.command) !== JSON.stringify(after.command)) input.command = after.command;
  if (before.stopTimeoutMs !== after.stopTimeoutMs) input.stopTimeoutMs = after.stopTimeoutMs;
  return input;
}

/** Where an alias stands; resolving them is how a small text becomes a huge value. */
function firstAlias(document: ReturnType<typeof parseDocument>): number | null {
  let at: number | null = null;
  visit(document, {
    Alias: (_key, node) => {
      at = node.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return at;
}

/** Sizes written as text become bytes; keys that do not belong are reported, not silently lost. */
function readPlain(plain: unknown): { value: unknown; unknown: string[][] } {
  const root = recordOf(plain);
  const unknown = Object.keys(root)
    .filter((key) => !KEYS.some((known) => known === key))
    .map((key) => [key]);
  const value: Record<string, unknown> = { ...root };
  if (typeof root.limits === 'object' && root.limits !== null) {
    const limits = { ...recordOf(root.limits) };
    for (const key of ['memory', 'swap']) {
      const size = limits[key];
      if (typeof size === 'string') limits[key] = parseSize(size) ?? size;
    }
    for (const key of Object.keys(limits)) {
      if (!LIMIT_KEYS.some((known) => known === key)) unknown.push(['limits', key]);
    }
    value.limits = limits;
  }
  return { value, unknown };
}

function issuesOf(error: z.ZodError): { path: PropertyKey[]; message: string }[] {
  return error.issues.map((issue) => {
    const name = issue.path.join('.');
    if (issue.code !== 'invalid_type') return { path: issue.path, message: issue.message };
    if (/memory|swap/.test(name))
      return { path: issue.path, message: `${name} must be a size such as 512 MiB` };
    const wanted = WANTED[issue.expected] ?? `a ${issue.expected}`;
    return { path: issue.path, message: `${name} must be ${wanted}` };
  });
}

const WANTED: Record<string, string> = {
  int: 'a whole number',
  array: 'a list',
  object: 'a map',
  string: 'text',
};

/** The line of the deepest part of `path` that the text has. */
function lineOfPath(
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: readonly PropertyKey[],
): number {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown =
      length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isNode(item.key) && String(item.key) === String(last));
      if (pair && isNode(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
    }
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function flatten(config: GuestConfig): Map<string, string> {
  const { cpu, memory, swap, pids } = config.limits;
  return new Map([
    ['limits.cpu', String(cpu)],
    ['limits.memory', formatSize(memory)],
    ['limits.swap', formatSize(swap)],
    ['limits.pids', String(pids)],
    ['command', JSON.stringify(config.command)],
    ['stopTimeoutMs', String(config.stopTimeoutMs)],
  ]);
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
