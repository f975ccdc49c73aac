/** Whether the database answers, as the rest of the server asks (database-watch.ts). */
export interface DatabaseState {
  /** ISO 8601: since when it does not answer; null: it does. */
  awaySince(): string | null;
  /** Ask now; whether it answers. At most a few seconds. */
  look(): Promise<boolean>;
  /** Call once when it is found to be away, unless the returned function was called before. */
  onAway(tell: () => void): () => void;
  /** Resolves as soon as it answers: at once when it does. */
  back(): Promise<void>;
}
