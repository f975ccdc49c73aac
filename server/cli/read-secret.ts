import { readFileSync } from 'node:fs';
import { AppError } from '../errors/app-error.ts';

/** A secret from a file, or from standard input by `-`: it is never a word of a command line, which all on the host see. */
export function readSecret(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8').trim();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('bad_input', `the secret cannot be read from ${file}: ${reason}`, { cause });
  }
}
