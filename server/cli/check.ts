import { AppError } from '../errors/app-error.ts';
import type { HostCheck, HostCheckReport } from '../host/check-schema.ts';
import type { CommandSpec, Invocation } from './command.ts';
import { dataFolder } from './connect-api.ts';
import type { Paint } from './paint.ts';

/** `berth check`: exit status 0 when guests can run on this host, 1 when not. */
export const hostCheck: CommandSpec = {
  usage: '[--problems]',
  about: `Every namespace, link, queue and filter is made for real and goes away again; control groups, settings and
programs are looked at. The running server is asked, which sees what its unit leaves it; without one, or for a
folder that is no instance yet, this command tries it all itself. Ends with 1 when guests cannot run here.`,
  options: { problems: { type: 'boolean', help: 'only what is missing or lacks something' } },
  names: { min: 0, max: 0, what: '' },
  async run(invocation) {
    const { json, out, flag } = invocation;
    const report = await reportOf(invocation);
    if (json) out.json(report);
    else out.line(checkText(report, { paint: out.paint, onlyProblems: flag('problems') }));
    return report.ready ? 0 : 1;
  },
};

async function reportOf({ api, text, out }: Invocation): Promise<HostCheckReport> {
  try {
    return await (await api()).query('host', 'check');
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'unavailable')) throw error;
    out.note('no server runs: this command tries it itself');
    const { checkThisHost } = await import('../launch/check-this-host.ts');
    return checkThisHost(dataFolder(text('data')));
  }
}

const COLOURS = { yes: 'green', partly: 'yellow', no: 'red' } as const;

/** The report for people: by group, each lack with what it costs below it, and the sum at the end. Pure. */
export function checkText(
  { checks, kernel, ready }: HostCheckReport,
  { paint, onlyProblems }: { paint: Paint; onlyProblems: boolean },
): string {
  const shown = checks.filter(({ state }) => !onlyProblems || state !== 'yes');
  const widest = Math.max(0, ...shown.map(({ name }) => name.length));
  const groups = [...new Set(shown.map(({ group }) => group))].map((group) =>
    [
      group,
      ...shown.filter((check) => check.group === group).flatMap((check) => lines(check, widest, paint)),
    ].join('\n'),
  );
  const count = (state: HostCheck['state']) => checks.filter((check) => check.state === state).length;
  const verdict = ready
    ? paint('green', 'guests can run on this host')
    : paint('red', 'guests cannot run on this host');
  const sum = `Linux ${kernel}: ${verdict}; ${count('yes')} of ${checks.length} are there, ${count('partly')} in part, ${count('no')} not`;
  return [...groups, sum].join('\n\n');
}

function lines(check: HostCheck, widest: number, paint: Paint): string[] {
  const state = paint(COLOURS[check.state], check.state.padEnd(6));
  const needed = check.required && check.state === 'no' ? ` (${paint('red', 'needed')})` : '';
  const first = `  ${state}  ${check.name.padEnd(widest)}  ${check.detail}${needed}`;
  return check.consequence === null ? [first] : [first, `${' '.repeat(widest + 12)}${check.consequence}`];
}
