import type { Db } from './db/client.ts';
import type { DatabaseState } from './db/database-state.ts';
import type { HostBook } from './db/host-book.ts';
import type { Env } from './env.ts';
import type { BerthEvent } from './event/schema.ts';
import type { Instance } from './instance/instance.ts';
import type { OperationKind, OperationView } from './operation/schema.ts';
import type { RuntimePort } from './runtime/port.ts';

/**
 * Who does something: `root` on the admin socket, a user's name, or the server itself as somebody has told it to beforehand
 * (`policy`); it is written into every operation.
 */
export type Actor =
  | { kind: 'root' }
  /** `token`: by a program that the user has given some of their rights. */
  | { kind: 'user'; id: string; username: string; token?: { id: string; name: string } }
  | { kind: 'policy' };

export interface EventBus {
  publish(event: BerthEvent): void;
  /** Every event from now on until the signal aborts. A consumer over 10,000 events behind is cut off (it must re-read). */
  stream(signal: AbortSignal): AsyncIterable<BerthEvent>;
  on(listener: (event: BerthEvent) => void): () => void;
}

export interface StepContext {
  operationId: string;
  /** Aborts when somebody cancels. */
  signal: AbortSignal;
  /** 0 to 1. */
  progress(fraction: number): void;
  message(text: string): void;
  /** Raw terminal text, for operations whose work prints. */
  output(text: string): void;
}

export interface StepDefinition {
  name: string;
  /** Idempotent: after a crash it may run again over its own leavings. */
  run(context: StepContext): Promise<void>;
  /** Undo what `run` did, wholly or in part; idempotent too. Runs in reverse order when a later step fails. */
  undo?(): Promise<void>;
}

export interface OperationDefinition<Input> {
  kind: OperationKind;
  /** What recovery does with one that a crash interrupted. */
  onInterrupt: 'finish' | 'undo';
  cancellable?: boolean;
  /** Built anew from the stored input after a crash: nothing may hide in closures. */
  steps(input: Input): StepDefinition[];
  /** After the end, whatever it was (status and views are already written). */
  settled?(input: Input, operation: OperationView): Promise<void>;
}

export interface OperationRunner {
  define<Input>(definition: OperationDefinition<Input>): void;
  /**
   * Journal it (durably), then run it. Throws `busy`, naming the other operation, while one is at work on the
   * same subject. `finished` never rejects: it resolves to the ended view.
   */
  start<Input>(
    kind: OperationKind,
    options: { subject: OperationView['subject']; actor: Actor; input: Input },
  ): Promise<{ operation: OperationView; finished: Promise<OperationView> }>;
  get(id: string): Promise<OperationView>;
  cancel(id: string, actor: Actor): Promise<OperationView>;
  wait(id: string, timeoutMs: number | undefined, signal: AbortSignal): Promise<OperationView>;
  /** The one at work on a subject. */
  current(subjectId: string): OperationView | null;
  /** Finish or undo what a crash interrupted; called once at start, after every define. */
  recover(): Promise<void>;
}

export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** What every noun may use. Resources and guests add their own services on top (server/guest/services.ts). */
export interface Platform {
  env: Env;
  instance: Instance;
  db: Db;
  database: DatabaseState;
  /** Which hosts share the database, and which is this one. */
  hosts: HostBook;
  runtime: RuntimePort;
  events: EventBus;
  operations: OperationRunner;
  log: Log;
}
