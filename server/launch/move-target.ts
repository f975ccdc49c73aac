import { hidePassword } from '../db/hide-password.ts';
import { AppError } from '../errors/app-error.ts';

/** Where `berth db move` goes, as somebody wrote it: `url` is null for the private database, `shown` has no password. Throws `bad_input`. */
export function parseTarget(name: string | undefined): { url: string | null; shown: string } {
  if (name === 'private') return { url: null, shown: 'the private database' };
  if (name === undefined) {
    throw new AppError(
      'bad_input',
      'name where to: an address such as postgresql://berth@db.example/berth, or private',
    );
  }
  const shown = URL.canParse(name) ? hidePassword(name) : name;
  if (/^postgres(ql)?:\/\//.test(name) && URL.canParse(name) && new URL(name).pathname.length > 1)
    return { url: name, shown };
  throw new AppError(
    'bad_input',
    `${JSON.stringify(shown)} is no address of a database: it is such as postgresql://berth@db.example/berth, or private`,
  );
}
