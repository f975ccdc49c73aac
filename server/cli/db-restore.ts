import type { RestoreReport } from '../launch/restore-database.ts';
import type { CommandSpec, Invocation } from './command.ts';
import { confirm } from './confirm.ts';
import { dataFolder } from './connect-api.ts';
import { localInstance } from './local-instance.ts';

/** It works on the folder itself: the database may be what keeps the server from running. */
export const dbRestore: CommandSpec = {
  usage: 'BACKUP [--yes]',
  about: `BACKUP is a name of berth db ls, or the path of a file. The console is stopped for it and guests run on. The present
database is backed up first. Guests that the back-up does not know are ended, and their files are kept aside.`,
  options: { yes: { type: 'boolean', help: 'do it without asking' } },
  names: { min: 1, max: 1, what: 'a back-up' },
  async run(invocation) {
    const { flag, json, names, out, text } = invocation;
    const dataDir = dataFolder(text('data'));
    const instance = localInstance(dataDir, 'restore');
    if (!flag('yes')) {
      await confirm(`Put ${names[0]} in the place of the database of ${dataDir}?`, {
        alone: 'a restore replaces the database',
        left: 'nothing was restored',
      });
    }
    const { restoreDatabase } = await import('../launch/restore-database.ts');
    const report = await restoreDatabase(instance, names[0] ?? '', (step) => out.note(step));
    if (json) out.json(report);
    else tell(out, report);
    return 0;
  },
};

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
