import type { CommandSpec } from './command.ts';
import { confirm } from './confirm.ts';
import { dataFolder } from './connect-api.ts';
import { localInstance } from './local-instance.ts';

/** It works on the folder itself: no server may write meanwhile. */
export const dbMove: CommandSpec = {
  usage: '[postgresql://USER:PASSWORD@HOST/DATABASE | private] [--yes]',
  about: `Without an address it is DATABASE_URL, which no list of processes shows. The database is there already, empty, and USER owns it; for TLS add
?sslmode=verify-full&sslrootcert=FILE. The console is stopped for it and guests run on. All is compared, by counts and digests, before
anything counts. "private" brings the inventory back into the data folder. What it leaves behind keeps its rows and is used no more.`,
  options: { yes: { type: 'boolean', help: 'do it without asking' } },
  names: { min: 0, max: 1, what: 'an address' },
  async run({ flag, json, names, out, text }) {
    const dataDir = dataFolder(text('data'));
    const instance = localInstance(dataDir, 'move the database');
    const { parseTarget } = await import('../launch/move-target.ts');
    const { url, shown } = parseTarget(names[0] ?? process.env.DATABASE_URL);
    if (!flag('yes')) {
      await confirm(`Move the inventory of ${dataDir} to ${shown}?`, {
        alone: 'a move stops the console',
        left: 'nothing was moved',
      });
    }
    const { moveDatabase } = await import('../launch/move-database.ts');
    const report = await moveDatabase(instance, url, (step) => out.note(step));
    if (json) {
      out.json(report);
      return 0;
    }
    out.line(
      `${report.rows} rows of ${report.tables} tables are in ${report.to}, the same as in ${report.from}`,
    );
    out.note(`what was carried over is also the back-up ${report.backup}`);
    if (report.wasUp) out.note('start the console again: berth up');
    return 0;
  },
};
