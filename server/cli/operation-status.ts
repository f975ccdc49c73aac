import type { OperationStatus } from '../operation/schema.ts';
import { misused } from './fail.ts';

/** Kept beside the schema's own list, which loads the validator; the type makes the compiler compare them. */
const STATUSES = { running: true, done: true, failed: true, cancelled: true } as const satisfies Record<
  OperationStatus,
  true
>;

function isStatus(text: string): text is OperationStatus {
  return text in STATUSES;
}

export const OPERATION_STATUSES_HELP = `only those that are ${Object.keys(STATUSES).join(', ')}`;

/** Throws `bad_input` for a word that is no status. */
export function readStatus(text: string | undefined): OperationStatus | undefined {
  if (text === undefined || isStatus(text)) return text;
  throw misused(`--status is ${JSON.stringify(text)}: it must be ${Object.keys(STATUSES).join(', ')}`);
}
