import {
  OPERATION_STATUSES,
  type OperationStatus,
  type OperationView,
} from '../../../server/operation/schema.ts';

/** What the address asks for. The server filters by status and subject, the page by text. */
export interface OperationFilter {
  status?: OperationStatus;
  subject?: string;
  /** Words that must all occur in the kind, the subject, the actor or the error. */
  text?: string;
}

export function readFilter(address: { get(name: string): string | null }): OperationFilter {
  const filter: OperationFilter = {};
  const status = OPERATION_STATUSES.find((known) => known === address.get('status'));
  const subject = address.get('subject')?.slice(0, 200);
  const text = address.get('text');
  if (status) filter.status = status;
  if (subject) filter.subject = subject;
  if (text) filter.text = text;
  return filter;
}

/** The filter as the end of an address: empty, or with its question mark. */
export function writeFilter(filter: OperationFilter): string {
  const address = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value) address.set(name, value);
  const text = address.toString();
  return text === '' ? '' : `?${text}`;
}

export function matchesText(operation: OperationView, text: string): boolean {
  const { kind, subject, actor, error } = operation;
  const hay = [kind, subject.name, actor, error?.message ?? ''].join('\n').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}
