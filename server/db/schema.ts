/** Whether the database answers, as far as the server knows at this moment. */
export interface DatabaseView {
  /** ISO 8601: since when it does not, and nothing can be changed; null: it answers. */
  awaySince: string | null;
}

/** `12:03 UTC`, for a message that is written far from who reads it; a page shows its reader's own time. Pure. */
export function awayReason(since: string): string {
  return `the database is away since ${since.slice(11, 16)} UTC: nothing was changed; guests run on, and changes are taken again as soon as it answers`;
}
