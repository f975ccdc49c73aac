import { AppError } from '../errors/app-error.ts';

/** What was typed is wrong: exit status 2. */
export function misused(message: string): AppError {
  return new AppError('bad_input', message);
}

/** A program's own end as an exit status: 128 + signal, as shells do. */
export class ExitStatus extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}
