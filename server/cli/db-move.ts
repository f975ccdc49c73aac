import { hidePassword } from '../db/hide-password.ts';
import { AppError } from '../errors/app-error.ts';
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
    const target = parseTarget(names[0] ?? process.env.DATABASE_URL);
    const shown = target === null ? 'the private database' : hidePassword(target);
    if (!flag('yes')) {
      await confirm(`Move the inventory of ${dataDir} to ${shown}?`, {
        alone: 'a move stops the console',
        left: 'nothing was moved',
      });
    }
    const { moveDatabase } = await import('../launch/move-database.ts');
    const report = await moveDatabase(instance, target, (step) => out.note(step));
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

/** Null: private. */
function parseTarget(name: string | undefined): string | null {
  if (name === 'private') return null;
  if (name === undefined)
    throw new AppError(
      'bad_input',
      'name where to: an address such as postgresql://berth@db.example/berth, or private',
    );
  if (/^postgres(ql)?:\/\//.test(name) && URL.canParse(name) && new URL(name).pathname.length > 1)
    return name;
  throw new AppError(
    'bad_input',
    `${JSON.stringify(URL.canParse(name) ? hidePassword(name) : name)} is no address of a database: it is such as postgresql://berth@db.example/berth, or private`,
  );
}
