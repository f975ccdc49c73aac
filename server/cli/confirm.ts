import { createInterface } from 'node:readline/promises';
import { AppError } from '../errors/app-error.ts';

/** Ask a person. Throws `bad_input` with `alone` when nobody can be asked, `cancelled` with `left` for any answer but yes. */
export async function confirm(
  question: string,
  { alone, left }: { alone: string; left: string },
): Promise<void> {
  if (!process.stdin.isTTY) throw new AppError('bad_input', `${alone}: add --yes when nobody can be asked`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const typed = await lines.question(`${question} [y/N] `);
  lines.close();
  if (!/^y(es)?$/i.test(typed.trim())) throw new AppError('cancelled', left);
}
