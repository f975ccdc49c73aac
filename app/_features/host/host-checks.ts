import type { HostCheck, HostCheckReport } from '../../../server/host/check-schema.ts';

/** Most serious first: what guests do not start without, what is not there, what lacks something. */
function weight({ required, state }: HostCheck): number {
  if (state === 'yes') return 3;
  if (state === 'partly') return 2;
  return required ? 0 : 1;
}

/** What is missing or lacks something, the most serious first, else in the order of the report. */
export function problemsOf({ checks }: HostCheckReport): HostCheck[] {
  return checks.filter(({ state }) => state !== 'yes').sort((a, b) => weight(a) - weight(b));
}

/** All checks by their group, in the order of the report. */
export function groupsOf({ checks }: HostCheckReport): { group: HostCheck['group']; checks: HostCheck[] }[] {
  const groups = [...new Set(checks.map(({ group }) => group))];
  return groups.map((group) => ({ group, checks: checks.filter((check) => check.group === group) }));
}

/** `2 needed things are missing`, `6 lack something, 3 are missing`, `nothing is missing`. */
export function summaryOf(report: HostCheckReport): string {
  const count = (state: HostCheck['state']) => report.checks.filter((check) => check.state === state).length;
  const parts = [
    [count('no'), 'missing'],
    [count('partly'), 'with a lack'],
  ] as const;
  const told = parts.flatMap(([number, what]) => (number > 0 ? [`${number} ${what}`] : []));
  const rest = told.length > 0 ? told.join(', ') : 'nothing is missing';
  return report.ready ? rest : `guests cannot run: ${rest}`;
}

/** The report as text, to paste somewhere; the problems come first. */
export function reportText(report: HostCheckReport): string {
  const line = ({ name, state, detail, consequence }: HostCheck) =>
    `${state.padEnd(6)}  ${name}: ${detail}${consequence === null ? '' : ` (${consequence})`}`;
  const problems = problemsOf(report);
  return [
    `Linux ${report.kernel}, ${report.at}: ${summaryOf(report)}`,
    ...problems.map(line),
    ...groupsOf(report).flatMap(({ group, checks }) => ['', group, ...checks.map(line)]),
    '',
  ].join('\n');
}
