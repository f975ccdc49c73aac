import type { OperationView } from '../operation/schema.ts';
import { harmless } from './clean-text.ts';
import { type Paint, stateColour } from './paint.ts';
import { formatPairs } from './table.ts';
import { formatAgo, formatDuration } from './units.ts';

/** How long it took, or has taken so far. */
export function tookOf(operation: OperationView, now: number = Date.now()): string {
  const end = operation.endedAt === null ? now : Date.parse(operation.endedAt);
  return formatDuration(Math.max(0, end - Date.parse(operation.createdAt)));
}

/** An operation in full, for a person. */
export function operationText(operation: OperationView, paint: Paint): string {
  const { error, message } = operation;
  const pairs: [string, string][] = [
    ['id', operation.id],
    ['what', `${operation.kind} ${harmless(operation.subject.name)}`],
    ['status', paint(stateColour(operation.status), operation.status)],
    ['by', operation.actor],
    ['begun', formatAgo(operation.createdAt)],
    ['took', tookOf(operation)],
  ];
  if (operation.progress !== null) pairs.push(['progress', `${Math.round(operation.progress * 100)} %`]);
  if (message) pairs.push(['message', harmless(message)]);
  if (error) pairs.push(['error', paint('red', harmless(error.message))]);
  const steps = operation.steps.map((step): [string, string] => [
    `  ${harmless(step.name)}`,
    `${step.status}${step.ms === null ? '' : `, ${formatDuration(step.ms)}`}`,
  ]);
  return steps.length === 0 ? formatPairs(pairs) : `${formatPairs(pairs)}\nsteps\n${formatPairs(steps)}`;
}
