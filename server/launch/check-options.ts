/** Whether the options of `berth up` can be understood; says what is wrong and ends with the code's exit status. */
import { AppError } from '../errors/app-error.ts';
import { ERROR_TABLE } from '../errors/error-table.ts';
import { parseLaunchOptions } from './options.ts';

try {
  parseLaunchOptions(process.argv.slice(3), process.env);
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.error(`berth: ${error.message}`);
  process.exitCode = ERROR_TABLE[error.code].exit;
}
