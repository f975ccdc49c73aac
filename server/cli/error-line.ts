import type { FieldPath } from '../errors/app-error.ts';
import { harmless } from './clean-text.ts';
import type { Output } from './terminal-output.ts';

/** `berth: message (field)` for stderr; the field only where the message does not name it itself. */
export function errorLine(
  out: Output,
  error: { message: string; field: FieldPath | null },
  prefix = '',
): string {
  const field = (error.field ?? []).join('.');
  const suffix = field === '' || error.message.startsWith(field) ? '' : out.paintNote('dim', ` (${field})`);
  return `${out.paintNote('red', 'berth:')} ${prefix}${harmless(error.message)}${suffix}`;
}
