import { AppError, type ErrorCode } from '../errors/app-error.ts';

const CODES: Readonly<Record<number, ErrorCode>> = {
  4400: 'bad_input',
  4401: 'unauthenticated',
  4403: 'forbidden',
  4404: 'not_found',
  4409: 'illegal_state',
};

/** Why a terminal's or a command's socket was closed before its end, as an error. */
export function closeError(code: number, reason: string): AppError {
  const text = reason === '' ? `the connection was lost (close code ${code})` : reason;
  return new AppError(CODES[code] ?? 'unavailable', text);
}
