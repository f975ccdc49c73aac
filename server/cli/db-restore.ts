import { createInterface } from 'node:readline/promises';
import { AppError } from '../errors/app-error.ts';
import { readInstance } from '../instance/read-instance.ts';
import type { RestoreReport } from '../launch/restore-database.ts';
import type { CommandSpec, Invocation } from './command.ts';
import { dataFolder } from './connect-api.ts';

/** It works on the folder itself: the database may be what keeps the server from running. */
export const dbRestore: CommandSpec = {
  usage: 'BACKUP [--yes]',
  about: `BACKUP is a name of berth db ls, or the path of a file. The console is stopped for it and guests run on. The present
database is backed up first. Guests that the back-up does not know are ended, and their files are kept aside.`,
  options: { yes: { type: 'boolean', help: 'do it without asking' } },
  names: { min: 1, max: 1, what: 'a back-up' },
  async run(invocation) {
    const { flag, json, names, out, text } = invocation;
    const uid = process.geteuid?.() ?? 0;
    if (uid !== 0) {
      throw new AppError('forbidden', `only root may restore (you are uid ${uid}): run it with sudo`);
    }
    const dataDir = dataFolder(text('data'));
    const instance = readInstance(dataDir);
    if (!instance)
      throw new AppError('unavailable', `there is no Berth in ${dataDir}: name its folder with --data`);
    if (process.env.DATABASE_URL) {
      throw new AppError(
        'unsupported',
        'the database of DATABASE_URL is not Berth’s own: restore it with pg_restore, while the server is stopped',
      );
    }
    if (!flag('yes')) await confirm(names[0] ?? '', dataDir);
    const { restoreDatabase } = await import('../launch/restore-database.ts');
    const report = await restoreDatabase(instance, names[0] ?? '', (step) => out.note(step));
    if (json) out.json(report);
    else tell(out, report);
    return 0;
  },
};

async function confirm(name: string, dataDir: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new AppError('bad_input', 'a restore replaces the database: add --yes when nobody can be asked');
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const typed = await lines.question(`Put ${name} in the place of the database of ${dataDir}? [y/N] `);
  lines.close();
  if (!/^y(es)?$/i.test(typed.trim())) throw new AppError('cancelled', 'nothing was restored');
}

function tell(out: Invocation['out'], report: RestoreReport): void {
  out.line(`the database is that of ${report.restored}`);
  if (report.before) out.note(`what was there before: berth db restore ${report.before}`);
  if (report.brokenDatabase) out.note(`the one that could not be read is kept in ${report.brokenDatabase}`);
  if (report.unknown.length > 0) {
    out.note(
      `${report.unknown.length} guests are not in it (${report.unknown.join(', ')}): their files are kept in ${report.keptIn}`,
    );
  }
  if (report.missing.length > 0) out.note(`no files are left of: ${report.missing.join(', ')}`);
  if (report.migrations.length > 0) out.note(`brought to this version: ${report.migrations.join(', ')}`);
  if (report.wasUp) out.note('start the console again: berth up');
}
