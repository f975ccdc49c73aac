/** Whether the database answers, as the rest of the server asks (database-watch.ts). */
export interface DatabaseState {
  /** ISO 8601: since when it does not answer; null: it does. */
  awaySince(): string | null;
  /** Ask now; whether it answers. At most a few seconds. */
  look(): Promise<boolean>;
  /** Resolves as soon as it answers: at once when it does. */
  back(): Promise<void>;
}
