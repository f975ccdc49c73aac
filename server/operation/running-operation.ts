import type { Db } from '../db/client.ts';
import { toJson } from '../db/json.ts';
import { whenDatabaseIsBack } from '../db/when-database-is-back.ts';
import type { ErrorBody } from '../errors/error-body.ts';
import { failpoint } from '../failpoint/failpoint.ts';
import type { EventBus, StepContext } from '../platform.ts';
import { OutputTail } from './output-tail.ts';
import type { OperationStatus, OperationStep, OperationView } from './schema.ts';

/** ms between two events, and two writes, that only tell of progress. */
const PUBLISH_EVERY = 100;
const OUTPUT_EVERY = 30;

/** One operation at work: its view, its journal row, its events. */
export class RunningOperation {
  readonly view: OperationView;
  readonly abort = new AbortController();
  readonly output = new OutputTail();
  readonly finished: Promise<OperationView>;
  #finish: (view: OperationView) => void = () => undefined;
  #publishTimer: NodeJS.Timeout | null = null;
  #outputTimer: NodeJS.Timeout | null = null;
  #unsentOutput = '';
  readonly #db: Db;
  readonly #events: EventBus;

  constructor(view: OperationView, services: { db: Db; events: EventBus }) {
    this.view = view;
    this.#db = services.db;
    this.#events = services.events;
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** A copy that later changes do not touch. */
  snapshot(): OperationView {
    return structuredClone(this.view);
  }

  /** Tell everybody, now. */
  publish(): void {
    if (this.#publishTimer !== null) clearTimeout(this.#publishTimer);
    this.#publishTimer = null;
    this.#events.publish({ type: 'operation.changed', operation: this.snapshot() });
  }

  #publishSoon(): void {
    this.#publishTimer ??= setTimeout(() => this.publish(), PUBLISH_EVERY);
  }

  step(name: string): OperationStep {
    const found = this.view.steps.find((step) => step.name === name);
    if (found !== undefined) return found;
    const added: OperationStep = { name, status: 'pending', ms: null };
    this.view.steps.push(added);
    return added;
  }

  /** Durable when it resolves: what has begun and what has gone wrong so far. */
  async journal(): Promise<void> {
    const { id, steps, progress, message, error } = this.view;
    this.publish();
    await failpoint('operation.journal', 'before');
    await this.#write(id, { steps: toJson(steps), progress, message, ...(error === null ? {} : { error }) });
    await failpoint('operation.journal', 'after');
  }

  /** The last write: how it ended and what it printed. Told to nobody before it is durable. */
  async journalEnd(status: OperationStatus, error: ErrorBody | null): Promise<OperationView> {
    const view = this.view;
    const end = {
      status,
      error: error === null ? null : { ...error, field: error.field === null ? null : [...error.field] },
      endedAt: new Date().toISOString(),
      progress: status === 'done' ? 1 : view.progress,
    };
    const output = this.output.text();
    await failpoint('operation.end', 'before');
    await this.#write(view.id, {
      status,
      steps: toJson(view.steps),
      progress: end.progress,
      message: view.message,
      endedAt: new Date(end.endedAt),
      ...(end.error === null ? {} : { error: end.error }),
      ...(output === '' ? {} : { output }),
    });
    await failpoint('operation.end', 'after');
    Object.assign(view, end);
    this.#sendOutput();
    return this.snapshot();
  }

  async #write(id: string, data: Parameters<Db['operation']['update']>[0]['data']): Promise<void> {
    await whenDatabaseIsBack(() => this.#db.operation.update({ where: { id }, data, select: { id: true } }));
  }

  /** Everybody who waits goes on. */
  finish(): void {
    this.#finish(this.snapshot());
  }

  #sendOutput(): void {
    if (this.#outputTimer !== null) clearTimeout(this.#outputTimer);
    this.#outputTimer = null;
    if (this.#unsentOutput === '') return;
    this.#events.publish({ type: 'operation.output', id: this.view.id, text: this.#unsentOutput });
    this.#unsentOutput = '';
  }

  /** What its steps are given. */
  context(): StepContext {
    return {
      operationId: this.view.id,
      signal: this.abort.signal,
      progress: (fraction) => {
        this.view.progress = Math.min(1, Math.max(0, fraction));
        this.#publishSoon();
      },
      message: (text) => {
        this.view.message = text.replaceAll('\0', '').slice(0, 500);
        this.#publishSoon();
      },
      output: (text) => {
        this.output.append(text);
        this.#unsentOutput += text;
        this.#outputTimer ??= setTimeout(() => this.#sendOutput(), OUTPUT_EVERY);
      },
    };
  }
}
