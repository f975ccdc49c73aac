import { AppError } from '../errors/app-error.ts';
import { isErrorCode } from '../errors/error-table.ts';
import type { OperationKind, OperationView } from '../operation/schema.ts';
import type { Actor } from '../platform.ts';
import type { GuestRecord } from './record.ts';
import type { GuestView } from './schema.ts';
import type { GuestServices } from './services.ts';
import { type GuestVerb, isAllowed, whyNot } from './state.ts';
import { stateOf } from './state-of.ts';
import { viewOf } from './view.ts';

/** What every verb answers: the guest as it is now, and the operation that is at work on it (or has ended). */
export interface GuestAction {
  guest: GuestView;
  operation: OperationView;
}

/** The guest, by name or id, if `verb` may be done to it now. Throws `not_found` or `illegal_state`. */
export function guestFor(services: GuestServices, verb: GuestVerb, ref: string): GuestRecord {
  const record = services.guests.get(ref);
  assertAllowed(services, verb, record);
  return record;
}

/** Throws `illegal_state` that names the state the guest is in and those it would have to be in. */
export function assertAllowed(services: GuestServices, verb: GuestVerb, record: GuestRecord): void {
  const state = stateOf(services, record);
  if (!isAllowed(verb, state)) throw new AppError('illegal_state', whyNot(verb, record.name, state));
}

/**
 * Journal an operation on a guest and run it. With `wait` this resolves when it has ended and throws what made it
 * fail, with the form field that it belongs to. `notJournaled` takes back what was done for an operation that could
 * not even be written down.
 */
export async function runOnGuest<Input>(
  services: GuestServices,
  kind: OperationKind,
  options: {
    record: GuestRecord;
    actor: Actor;
    input: Input;
    wait: boolean;
    notJournaled?: () => Promise<unknown>;
  },
): Promise<OperationView> {
  const { record, actor, input, wait } = options;
  const subject = { type: 'guest', id: record.id, name: record.name } as const;
  const start = services.operations.start(kind, { subject, actor, input });
  const { operation, finished } = await start.catch(async (error: unknown) => {
    await options.notJournaled?.();
    throw error;
  });
  if (!wait) return operation;
  const ended = await finished;
  if (ended.status !== 'done') throw errorOf(ended);
  return ended;
}

/** The guest's row and its operation, as an answer. */
export function actionOf(services: GuestServices, id: string, operation: OperationView): GuestAction {
  return { guest: viewOf(services, services.guests.get(id)), operation };
}

function errorOf(operation: OperationView): AppError {
  const { error } = operation;
  if (!error)
    return new AppError('cancelled', `${operation.kind} of ${operation.subject.name} was cancelled`);
  const code = isErrorCode(error.code) ? error.code : 'internal';
  return new AppError(code, error.message, {
    field: error.field ?? undefined,
    detail: { operation: operation.id },
  });
}
