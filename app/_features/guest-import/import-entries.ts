import type { ImportPlanRow, ImportVerdict } from '../../../server/guest/import-schema.ts';
import type { FileProblem } from '../../../server/guest/read-import-schema.ts';

/** How applying a row went. */
export interface Outcome {
  status: 'waiting' | 'done' | 'failed';
  message: string | null;
}

/** A guest of the file as the table shows it: as it was planned, or what is wrong with it. */
export interface Entry {
  key: string;
  line: number;
  name: string;
  verdict: ImportVerdict;
  changes: ImportPlanRow['changes'];
  /** Why it is refused; empty for what is not. */
  problems: { path: string; message: string }[];
}

/** Rows of the plan and those that could not be read, in the order of the file. Pure. */
export function entriesOf(plan: readonly ImportPlanRow[], problems: readonly FileProblem[]): Entry[] {
  const wrong = new Map<string, Entry>();
  for (const { line, name, path, message } of problems) {
    // A guest by its name; what has none, by its line.
    const of = name ?? `${line} `;
    const entry: Entry = wrong.get(of) ?? {
      ...{ key: `wrong ${line} ${name ?? ''}`, line, name: name ?? '' },
      ...{ verdict: 'refused', changes: [], problems: [] },
    };
    entry.problems.push({ path: entry.line === line ? path : `line ${line} ${path}`.trim(), message });
    wrong.set(of, entry);
  }
  const planned = plan.map((row): Entry => {
    const { line, name, verdict, changes, problem } = row;
    const told = problem ? [{ path: problem.field?.join('.') ?? '', message: problem.message }] : [];
    return { key: keyOf(row), line, name, verdict, changes, problems: told };
  });
  return [...planned, ...wrong.values()].sort((a, b) => a.line - b.line);
}

/** What names a row of the plan. Pure. */
export const keyOf = ({ line, name }: Pick<ImportPlanRow, 'line' | 'name'>) => `${line} ${name}`;

/** How many entries have each verdict. Pure. */
export function countVerdicts(entries: readonly Entry[]): Record<ImportVerdict, number> {
  const counts = { new: 0, changed: 0, same: 0, refused: 0 };
  for (const { verdict } of entries) counts[verdict]++;
  return counts;
}
