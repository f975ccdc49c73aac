/**
 * Every place, besides the steps of operations, where a test can let a fault happen. Steps have theirs of themselves:
 * `<kind>.<step>` and `<kind>.<step>.undo`, such as `guest.create.files.undo` (server/operation/run-steps.ts).
 */
export const FAILPOINTS = [
  // The journal: before and after each of its commits.
  'operation.insert',
  'operation.journal',
  'operation.end',
  'operation.settle',
  // The inventory: before and after each of its commits.
  'guest.insert',
  'guest.update',
  'guest.remove',
  // Between what the kernel has done and what is written down about it.
  'guest.up.kernel',
  'guest.up.network',
  'guest.down.kernel',
  'guest.forget.network',
  'guest.settings.kernel',
  'image.build.files',
  'image.build.name',
  'image.build.row',
  'image.delete.row',
  'image.delete.files',
  'volume.create.row',
  'volume.create.files',
  'volume.delete.files',
  'volume.delete.row',
  // All is done, and nobody was told yet.
  'http.answer',
  // A server that starts.
  'recovery.network',
  'recovery.adopt',
  'recovery.operations',
  'recovery.images',
  'recovery.reconcile',
  'recovery.consoles',
] as const;

export type FailpointName = (typeof FAILPOINTS)[number];
