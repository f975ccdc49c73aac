import { AppError } from '../errors/app-error.ts';
import { ERROR_TABLE } from '../errors/error-table.ts';
import type { OperationStep, OperationView } from '../operation/schema.ts';
import type { Api } from './api.ts';
import { harmless } from './clean-text.ts';
import type { Output } from './terminal-output.ts';
import { formatDuration } from './units.ts';

/** How often a drawn operation is read again, ms. */
const LIVE_MS = 80;
/** How long an operation may take before plain output tells its steps, ms. */
const QUIET_MS = 2000;
const PLAIN_MS = 500;

/** What a person sees of a running operation. */
interface Progress {
  show(view: OperationView): void;
  /** The end: nothing of a drawing is left. */
  clear(): void;
}

const MARKS: Readonly<Record<OperationStep['status'], string>> = {
  pending: '·',
  running: '▸',
  done: '✓',
  failed: '✗',
  undone: '↺',
  skipped: '-',
};

function stepLine(step: OperationStep): string {
  const time = step.ms === null ? '' : `  ${formatDuration(step.ms)}`;
  return `${MARKS[step.status]} ${harmless(step.name)}${time}`;
}

/** Steps drawn over each other on stderr, which is a terminal. */
function liveProgress(out: Output): Progress {
  let drawn = 0;
  const clear = () => {
    if (drawn > 0) out.raw(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  return {
    clear,
    show: (view) => {
      const room = Math.max(20, (process.stderr.columns || 80) - 1);
      const percent = view.progress === null ? '' : ` ${Math.round(view.progress * 100)} %`;
      const lines = [
        `${view.kind} ${harmless(view.subject.name)}${percent}`,
        ...view.steps.map((step) => `  ${stepLine(step)}`),
      ];
      if (view.message) lines.push(`  ${harmless(view.message)}`);
      clear();
      const shown = lines.slice(-Math.max(3, (process.stderr.rows || 24) - 2));
      out.raw(`${shown.map((line) => [...line].slice(0, room).join('')).join('\n')}\n`);
      drawn = shown.length;
    },
  };
}

/** A line per step that is over. */
function plainProgress(out: Output): Progress {
  const told = new Set<string>();
  return {
    clear: () => undefined,
    show: (view) => {
      for (const step of view.steps) {
        if (step.status === 'pending' || step.status === 'running' || told.has(step.name)) continue;
        told.add(step.name);
        out.note(`${harmless(view.subject.name)}: ${stepLine(step)}`);
      }
    },
  };
}

/** Wait for the end without a word; null when it takes longer than `timeoutMs`. */
async function waitQuietly(api: Api, id: string, timeoutMs: number): Promise<OperationView | null> {
  try {
    return await api.query('operation', 'wait', { id, timeoutMs });
  } catch (error) {
    if (error instanceof AppError && error.code === 'timed_out') return null;
    throw error;
  }
}

/**
 * Wait for an operation and show its steps: drawn live on a terminal, as plain lines elsewhere once it takes
 * longer than two seconds, not at all when `silent`. Resolves to the ended view, whatever its end.
 */
export async function followOperation(
  api: Api,
  operation: OperationView,
  options: { out: Output; silent: boolean },
): Promise<OperationView> {
  const { out } = options;
  if (operation.status !== 'running') return operation;
  if (options.silent) return api.query('operation', 'wait', { id: operation.id });
  const every = out.live ? LIVE_MS : PLAIN_MS;
  const progress = out.live ? liveProgress(out) : plainProgress(out);
  let ended = await waitQuietly(api, operation.id, out.live ? LIVE_MS : QUIET_MS);
  while (!ended) {
    progress.show(await api.query('operation', 'get', { id: operation.id }));
    ended = await waitQuietly(api, operation.id, every);
  }
  progress.clear();
  return ended;
}

/** Throw what an operation failed of. A cancelled one is an error too: what was asked has not happened. */
export function requireDone(view: OperationView): void {
  if (view.status === 'done') return;
  const { error, kind, subject, id } = view;
  if (error) throw new AppError(codeOf(error.code), error.message, { field: error.field ?? undefined });
  throw new AppError(
    view.status === 'cancelled' ? 'cancelled' : 'internal',
    `${kind} of ${subject.name} was ${view.status} (operation ${id})`,
  );
}

function codeOf(code: string): AppError['code'] {
  return code in ERROR_TABLE ? (code as AppError['code']) : 'internal';
}
