import type { Db } from '../db/client.ts';
import type { HostBook } from '../db/host-book.ts';
import { AppError } from '../errors/app-error.ts';
import { type ErrorBody, errorBody } from '../errors/error-body.ts';
import { isErrorCode } from '../errors/error-table.ts';
import { failpoint } from '../failpoint/failpoint.ts';
import type {
  Actor,
  EventBus,
  Log,
  OperationDefinition,
  OperationRunner,
  StepDefinition,
} from '../platform.ts';
import { actorName } from './actor-name.ts';
import { insertOperation, newView } from './new-operation.ts';
import { viewColumns, viewOf } from './operation-row.ts';
import { pruneHistory } from './prune-history.ts';
import { runSteps, type StepsEnd, undoBecause } from './run-steps.ts';
import { RunningOperation } from './running-operation.ts';
import type { OperationKind, OperationView } from './schema.ts';
import { waitFor } from './wait-for.ts';

/** ms that `recover` waits for what it finishes; the rest goes on with its subject busy. */
const RECOVERY_PATIENCE = 5000;
/** Ended operations between two prunings. */
const PRUNE_EVERY = 100;
/** ms between attempts to settle an operation whose end could not be written down. */
const SETTLE_EVERY = 2000;

export interface RunnerServices {
  db: Db;
  events: EventBus;
  log: Log;
  /** Others' operations are theirs to recover. */
  hosts: Pick<HostBook, 'own'>;
}

/** The runner as the composition root sees it. */
export interface StoppableRunner extends OperationRunner {
  /** What it printed so far; null: not at work (the row has it). */
  outputOf(id: string): string | null;
  /** Take no more, cancel what can be cancelled, give the rest `ms`; recovery does what is left. */
  stop(ms: number): Promise<void>;
}

type Work = (operation: RunningOperation, steps: readonly StepDefinition[]) => Promise<StepsEnd>;

class Runner implements StoppableRunner {
  readonly #definitions = new Map<string, OperationDefinition<unknown>>();
  readonly #running = new Map<string, RunningOperation>();
  readonly #bySubject = new Map<string, RunningOperation>();
  readonly #services: RunnerServices;
  #ended = 0;
  #stopping = false;

  constructor(services: RunnerServices) {
    this.#services = services;
  }

  define<Input>(definition: OperationDefinition<Input>): void {
    if (this.#definitions.has(definition.kind))
      throw new Error(`operation ${definition.kind} is defined twice`);
    this.#definitions.set(definition.kind, definition);
  }

  #definition(kind: string): OperationDefinition<unknown> {
    const definition = this.#definitions.get(kind);
    if (definition === undefined) throw new Error(`operation ${kind} is not defined`);
    return definition;
  }

  async start<Input>(
    kind: OperationKind,
    options: { subject: OperationView['subject']; actor: Actor; input: Input },
  ): Promise<{ operation: OperationView; finished: Promise<OperationView> }> {
    const { subject, actor } = options;
    const definition = this.#definition(kind);
    if (this.#stopping)
      throw new AppError('unavailable', 'the server is stopping: try again when it is back');
    const other = this.#bySubject.get(subject.id);
    if (other !== undefined) {
      throw new AppError(
        'busy',
        `${subject.type} ${subject.name} is busy with ${other.view.kind} (operation ${other.view.id})`,
      );
    }
    // Steps are built from what the journal can give back, never from what it would lose.
    const input: unknown = JSON.parse(JSON.stringify(options.input ?? null));
    const steps = definition.steps(input);
    const operation = new RunningOperation(
      newView({ kind, subject, actor, steps, cancellable: definition.cancellable ?? false }),
      this.#services,
    );
    this.#bySubject.set(subject.id, operation);
    try {
      await failpoint('operation.insert', 'before');
      await insertOperation(this.#services, operation.view, input);
      await failpoint('operation.insert', 'after');
    } catch (error) {
      this.#bySubject.delete(subject.id);
      throw error;
    }
    this.#running.set(operation.view.id, operation);
    operation.publish();
    const first = operation.snapshot();
    void this.#work(operation, {
      definition,
      input,
      steps,
      work: (op, list) => runSteps(op, list, this.#services.log),
    });
    return { operation: first, finished: operation.finished };
  }

  /** Never rejects: whatever happens, the operation ends and its subject is free again. */
  async #work(
    operation: RunningOperation,
    of: {
      definition: OperationDefinition<unknown>;
      input: unknown;
      steps: readonly StepDefinition[];
      work: Work;
    },
  ): Promise<void> {
    const { log } = this.#services;
    const { id, subject } = operation.view;
    try {
      const end = await of.work(operation, of.steps);
      await operation.journalEnd(end.status, end.error);
    } catch (error) {
      // The journal itself failed (a full disk): the row stays `running` until it can be settled.
      log.error('an operation could not be journalled', { operation: id, error });
      operation.view.status = 'failed';
      operation.view.error = { ...errorBody(error), field: null };
      operation.view.endedAt = new Date().toISOString();
      this.#settleLater(operation.snapshot(), of.input);
    }
    this.#running.delete(id);
    if (this.#bySubject.get(subject.id) === operation) this.#bySubject.delete(subject.id);
    try {
      await failpoint('operation.settle', 'before');
      await of.definition.settled?.(of.input, operation.snapshot());
      await failpoint('operation.settle', 'after');
    } catch (error) {
      log.error(`settling ${operation.view.kind} failed`, { operation: id, error });
    }
    operation.publish();
    operation.finish();
    this.#ended += 1;
    if (this.#ended % PRUNE_EVERY === 0) await this.#prune();
  }

  /** Who asked was told that it has failed: it is undone as soon as that can be written down. A start of the server does it too. */
  #settleLater(view: OperationView, input: unknown): void {
    setTimeout(() => {
      if (this.#stopping) return;
      this.#settle(view, input).catch(() => this.#settleLater(view, input));
    }, SETTLE_EVERY).unref();
  }

  async #settle(view: OperationView, input: unknown): Promise<void> {
    const { db } = this.#services;
    const { id, subject, error } = view;
    const row = await db.operation.findUnique({ where: { id }, select: { status: true } });
    if (row?.status !== 'running') return;
    const later = await db.operation.count({ where: { subjectId: subject.id, id: { gt: id } } });
    if (this.#bySubject.has(subject.id)) throw new AppError('busy', `${subject.name} is busy`);
    if (later === 0) return this.#recoverOne({ ...view, status: 'running', endedAt: null }, input);
    // What was done since stands on what this one has left: it is not undone any more.
    await db.operation.update({
      where: { id },
      data: { status: 'failed', endedAt: new Date(), ...(error === null ? {} : { error }) },
      select: { id: true },
    });
  }

  async #prune(): Promise<void> {
    const { db, hosts, log } = this.#services;
    await pruneHistory(db, hosts.own).catch((error: unknown) =>
      log.warn('old operations could not be removed', { error }),
    );
  }

  async get(id: string): Promise<OperationView> {
    const running = this.#running.get(id);
    if (running !== undefined) return running.snapshot();
    const row = await this.#services.db.operation.findUnique({ where: { id }, select: viewColumns });
    if (row === null)
      throw new AppError('not_found', `there is no operation ${JSON.stringify(id)}`, { field: ['id'] });
    return viewOf(row);
  }

  async cancel(id: string, actor: Actor): Promise<OperationView> {
    const running = this.#running.get(id);
    if (running === undefined) {
      const ended = await this.get(id);
      throw new AppError(
        'illegal_state',
        `operation ${id} is ${ended.status}: it cannot be cancelled any more`,
      );
    }
    if (!running.view.cancellable) {
      throw new AppError(
        'illegal_state',
        `${running.view.kind} cannot be cancelled: wait until it has ended`,
      );
    }
    running.abort.abort(new AppError('cancelled', `cancelled by ${actorName(actor)}`));
    running.context().message(`cancelled by ${actorName(actor)}, undoing`);
    return running.snapshot();
  }

  async wait(id: string, timeoutMs: number | undefined, signal: AbortSignal): Promise<OperationView> {
    const running = this.#running.get(id);
    if (running === undefined) return this.get(id);
    return waitFor(running, timeoutMs, signal);
  }

  current(subjectId: string): OperationView | null {
    return this.#bySubject.get(subjectId)?.snapshot() ?? null;
  }

  outputOf(id: string): string | null {
    return this.#running.get(id)?.output.text() ?? null;
  }

  async recover(): Promise<void> {
    const rows = await this.#services.db.operation.findMany({
      where: { status: 'running', installationId: this.#services.hosts.own },
      orderBy: { id: 'asc' },
      select: { ...viewColumns, input: true },
    });
    const works = rows.map((row) => this.#recoverOne(viewOf(row), row.input));
    let patience: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
      patience = setTimeout(resolve, RECOVERY_PATIENCE);
    });
    await Promise.race([Promise.all(works), enough]);
    clearTimeout(patience);
    await this.#prune();
  }

  async #recoverOne(view: OperationView, input: unknown): Promise<void> {
    const { log } = this.#services;
    const definition = this.#definition(view.kind);
    const operation = new RunningOperation(view, this.#services);
    this.#running.set(view.id, operation);
    this.#bySubject.set(view.subject.id, operation);
    const undo = view.error !== null || definition.onInterrupt === 'undo';
    log.info(`${undo ? 'undoing' : 'finishing'} the interrupted ${view.kind}`, {
      operation: view.id,
      subject: view.subject.name,
    });
    const work: Work = undo
      ? async (op, steps) => {
          const error = await undoBecause(op, { steps, reason: reasonOf(view), log });
          return { status: error.code === 'cancelled' ? 'cancelled' : 'failed', error };
        }
      : (op, steps) => runSteps(op, steps, log);
    await this.#work(operation, { definition, input, steps: definition.steps(input), work });
  }

  async stop(ms: number): Promise<void> {
    this.#stopping = true;
    const running = [...this.#running.values()];
    for (const operation of running) {
      if (!operation.view.cancellable) continue;
      operation.abort.abort(new AppError('cancelled', 'cancelled: the server was stopped'));
    }
    let patience: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
      patience = setTimeout(resolve, ms);
    });
    await Promise.race([Promise.all(running.map((operation) => operation.finished)), enough]);
    clearTimeout(patience);
  }
}

/** Why an interrupted operation is undone: what went wrong before the crash, or the crash itself. */
function reasonOf(view: OperationView): ErrorBody {
  if (view.error === null) {
    return {
      code: 'unavailable',
      message: 'the server ended while this was at work; it was undone',
      field: null,
    };
  }
  const { code, message, field } = view.error;
  return { code: isErrorCode(code) ? code : 'internal', message, field };
}

/** Runs operations over a journal in the database. Call `recover` once everything is defined. */
export function createOperationRunner(services: RunnerServices): StoppableRunner {
  return new Runner(services);
}
