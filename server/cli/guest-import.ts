import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { ERROR_TABLE } from '../errors/error-table.ts';
import { type ImportPlanRow, type ImportRow, newGuestOf } from '../guest/import-schema.ts';
import { valueText } from '../guest/import-text-schema.ts';
import {
  formatOf,
  IMPORT_FORMATS,
  type ImportFile,
  type ImportFormat,
  readImport,
} from '../guest/read-import-schema.ts';
import type { Api } from './api.ts';
import { harmless } from './clean-text.ts';
import type { CommandSpec, Invocation } from './command.ts';
import { confirm } from './confirm.ts';
import { errorLine } from './error-line.ts';
import { misused } from './fail.ts';

type Out = Invocation['out'];

/** How a row went. */
interface Result {
  name: string;
  ok: boolean;
  error: { code: string; message: string } | null;
}

export const guestImport: CommandSpec = {
  usage: 'FILE [--dry-run] [--yes] [--format FORMAT]',
  about: [
    'FILE is what berth guest ls --csv, --json and --yaml print, or a part of it; - is standard input. A guest is found by its id, else by',
    'its name; what the file says nothing of stays as it is, and no guest is deleted. First all that would change is shown, and nothing is',
    'done before you say yes. Each guest is changed whole or not at all; one that somebody else changes meanwhile is left and told.',
  ].join('\n'),
  options: {
    'dry-run': { type: 'boolean', short: 'n', help: 'show what would change, and do nothing' },
    format: {
      type: 'string',
      value: 'FORMAT',
      help: `${IMPORT_FORMATS.join(', ')}; default: by the name of the file`,
    },
    yes: { type: 'boolean', short: 'y', help: 'do not ask' },
  },
  names: { min: 1, max: 1, what: 'the file to import' },
  async run({ api: connect, flag, json, names, out, text }) {
    const file = readFile(names[0] ?? '', text('format'));
    const api = await connect();
    const plan =
      file.rows.length > 0 ? (await api.mutate('guest', 'planImport', { rows: file.rows })).rows : [];
    const todo = plan.filter(({ verdict }) => verdict === 'new' || verdict === 'changed');
    const isDry = flag('dry-run');
    if (!json) tellPlan(out, file, plan);
    if (isDry && json) out.json({ problems: file.problems, rows: plan });
    const refused = plan.find(({ problem }) => problem)?.problem;
    const status = file.problems.length > 0 ? 2 : refused ? ERROR_TABLE[refused.code].exit : 0;
    if (isDry) return status;
    if (todo.length === 0) {
      if (json) out.json({ problems: file.problems, rows: plan, results: [] });
      return status;
    }
    if (!flag('yes'))
      await confirm(`Make and change ${todo.length} guests like that?`, {
        alone: `that would make or change ${todo.length} guests`,
        left: 'nothing was imported',
      });
    const results = await apply(api, out, { todo, rows: file.rows, silent: json });
    if (json) out.json({ problems: file.problems, rows: plan, results });
    const failed = results.find(({ error }) => error)?.error;
    return failed ? ERROR_TABLE[failed.code as keyof typeof ERROR_TABLE].exit : status;
  },
};

function readFile(name: string, asked: string | undefined): ImportFile {
  const format = IMPORT_FORMATS.find((one) => one === asked);
  if (asked !== undefined && !format)
    throw misused(`--format is ${JSON.stringify(asked)}: it must be ${IMPORT_FORMATS.join(', ')}`);
  let text: string;
  try {
    text = readFileSync(name === '-' ? 0 : name, 'utf8');
  } catch (error) {
    throw misused(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return readImport(text, format ?? (formatOf(basename(name), text) satisfies ImportFormat));
}

const MARKS = { new: '+', changed: '~', same: '=', refused: '✗' } as const;

function tellPlan(out: Out, file: ImportFile, plan: readonly ImportPlanRow[]): void {
  for (const { line, name, path, message } of file.problems) {
    const where = name === null ? '' : `${harmless(name)}: `;
    const what = path && !message.startsWith(path) ? `${path}: ` : '';
    out.line(`✗ line ${line}: ${where}${harmless(what + message)}`);
  }
  for (const row of plan) {
    if (row.verdict === 'same') continue;
    out.line(
      `${MARKS[row.verdict]} ${harmless(row.name)}${row.problem ? `: ${harmless(row.problem.message)}` : ''}`,
    );
    if (row.problem) continue;
    for (const { path, from, to } of row.changes) {
      const before = row.verdict === 'new' ? '' : `${harmless(valueText(path, from))} → `;
      out.line(`    ${harmless(path)}: ${before}${harmless(valueText(path, to))}`);
    }
  }
  const count = (verdict: ImportPlanRow['verdict']) => plan.filter((row) => row.verdict === verdict).length;
  const wrong = new Set(file.problems.map(({ line }) => line)).size;
  out.line(
    `${count('new')} new, ${count('changed')} changed, ${count('same')} the same, ${count('refused') + wrong} refused`,
  );
  if (file.ignored.length > 0)
    out.note(`told by the file and never imported: ${file.ignored.map(harmless).join(', ')}`);
}

/** One guest after the other, as they were looked at. */
async function apply(
  api: Api,
  out: Out,
  { todo, rows, silent }: { todo: readonly ImportPlanRow[]; rows: readonly ImportRow[]; silent: boolean },
): Promise<Result[]> {
  const results: Result[] = [];
  for (const { line, name, guest, seen } of todo) {
    const row = rows.find((one) => one.line === line && one.name === name);
    if (!row) continue;
    try {
      if (guest !== null && seen !== null) await api.mutate('guest', 'importChange', { guest, seen, row });
      else await api.mutate('guest', 'create', { ...newGuestOf(row), wait: true });
      results.push({ name, ok: true, error: null });
      if (!silent) out.line(`${harmless(name)} ${guest === null ? 'is there' : 'is changed'}`);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { code, message, field } = error;
      results.push({ name, ok: false, error: { code, message } });
      if (!silent) out.note(errorLine(out, { message, field }, message.includes(name) ? '' : `${name}: `));
    }
  }
  return results;
}
