/** Every way in which a request can fail on purpose. Surprises become `internal` in one place (trpc.ts). */
export type ErrorCode =
  | 'bad_input'
  | 'not_found'
  | 'name_taken'
  | 'illegal_state'
  | 'changed_meanwhile'
  | 'busy'
  | 'over_quota'
  | 'unauthenticated'
  | 'forbidden'
  | 'too_many'
  | 'no_space'
  | 'unsupported'
  | 'unavailable'
  | 'timed_out'
  | 'cancelled'
  | 'kernel'
  | 'internal';

/** The form field an error belongs to, as a path into the procedure's input: `['limits', 'memory']`. */
export type FieldPath = readonly (string | number)[];

export interface AppErrorOptions {
  /** Where the form shows it. */
  field?: FieldPath;
  /** For the log only: errno, paths, ids. Never sent to a user. */
  detail?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * An expected failure. `message` is for the user: it starts lower case, ends without a full stop, names
 * the value that was wrong and says what would be right.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly field: FieldPath | null;
  readonly detail: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.field = options.field ?? null;
    this.detail = options.detail ?? {};
  }
}
