import type { DoctorReport, Finding, MendReport } from '../doctor/schema.ts';
import { AppError } from '../errors/app-error.ts';
import type { CommandSpec, Invocation } from './command.ts';
import { dataFolder } from './connect-api.ts';
import type { Paint } from './paint.ts';

/** `berth doctor`: exit status 0 when nothing is left that differs. */
export const doctor: CommandSpec = {
  usage: '[--mend [--yes]]',
  about: `Compares what Berth has written down with what this host has: processes, control groups, limits, links, the firewall,
names, folders, owners, room, back-ups. --mend shows what it would do, asks, and does it. Where no server runs, the data
folder alone is looked at: why none starts from it. Ends with 1 when something is left that differs.`,
  options: {
    mend: { type: 'boolean', help: 'put right what can be' },
    yes: { type: 'boolean', help: 'do it without asking' },
  },
  names: { min: 0, max: 0, what: '' },
  async run(invocation) {
    const { flag, json, out } = invocation;
    const examined = await examine(invocation);
    const report = await examined.check();
    const mendable = report.findings.filter((one) => one.mendable);
    if (!flag('mend') || mendable.length === 0) {
      if (json) out.json(report);
      else out.line(doctorText(report, out.paint));
      return report.findings.length === 0 ? 0 : 1;
    }
    if (!json) out.line(doctorText(report, out.paint));
    if (!flag('yes')) await confirm(mendable.length);
    const result = await examined.mend(mendable.map(({ id }) => id));
    if (json) out.json(result);
    else out.line(mendText(result, out.paint));
    return result.after.findings.length === 0 ? 0 : 1;
  },
};

interface Examined {
  check(): Promise<DoctorReport>;
  mend(ids: string[]): Promise<MendReport>;
}

async function examine({ api, text, out }: Invocation): Promise<Examined> {
  try {
    const server = await api();
    // A refused connection is told by the first call, not by the connecting.
    const first = await server.query('doctor', 'check');
    return { check: async () => first, mend: (ids) => server.mutate('doctor', 'mend', { ids }) };
  } catch (error) {
    if (!(error instanceof AppError && (error.code === 'unavailable' || error.code === 'illegal_state')))
      throw error;
    out.note('no server runs: only the data folder is looked at');
    const { assertFolder, folderDoctor } = await import('../launch/examine-folder.ts');
    const dataDir = dataFolder(text('data'));
    assertFolder(dataDir);
    const examined = folderDoctor(dataDir);
    return { check: () => examined.check(), mend: (ids) => examined.mend({ kind: 'root' }, ids) };
  }
}

async function confirm(count: number): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new AppError('bad_input', 'mending changes this host: add --yes when nobody can be asked');
  }
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const typed = await lines.question(`Mend ${count === 1 ? 'it' : `these ${count}`}? [y/N] `);
  lines.close();
  if (!/^y(es)?$/i.test(typed.trim())) throw new AppError('cancelled', 'nothing was mended');
}

/** Pure. */
export function doctorText({ findings, looked, skipped }: DoctorReport, paint: Paint): string {
  const lines = findings.map((one) => findingText(one, paint));
  const left = skipped.map(({ what, why }) => paint('yellow', `not looked at: ${what} (${why})`));
  const sum =
    findings.length === 0
      ? `${paint('green', 'all as it should be')}: ${looked.join('; ')}`
      : `${findings.length === 1 ? '1 thing differs' : `${findings.length} things differ`}; ${findings.filter((one) => one.mendable).length} of them berth doctor --mend puts right`;
  return [...lines, ...left, sum].join('\n');
}

function findingText({ subject, problem, remedy, mendable }: Finding, paint: Paint): string {
  return `${paint('bold', subject)}: ${problem}\n  ${mendable ? 'mending' : paint('yellow', 'by hand')}: ${remedy}`;
}

function mendText({ mended, failed, after }: MendReport, paint: Paint): string {
  return [
    ...mended.map(({ subject, problem }) => `${paint('green', 'mended')}  ${subject}: ${problem}`),
    ...failed.map(({ finding, why }) => `${paint('red', 'failed')}  ${finding.subject}: ${why}`),
    doctorText(after, paint),
  ].join('\n');
}
