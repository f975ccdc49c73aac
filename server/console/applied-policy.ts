import type { RecordingView } from '../recording/schema.ts';
import type { ConsoleGuest, ConsoleServices } from './services.ts';

/** The policy by which a guest's terminals are always recorded: what a recording of theirs is made with. */
export type AppliedPolicy = Pick<
  RecordingView,
  'project' | 'hasInput' | 'mostBytes' | 'keepDays' | 'startedBy'
>;

/** Its project's first: what is set for the guest itself, or for all, only adds. Null: nothing wants it. */
export function appliedPolicy(
  { guests, recordings }: Pick<ConsoleServices, 'guests' | 'recordings'>,
  guest: Pick<ConsoleGuest, 'id' | 'project'>,
): AppliedPolicy | null {
  const team = guests.recordingOf(guest.project);
  if (team) {
    const { input, mostBytes, keepDays, setBy } = team;
    return { project: guest.project, hasInput: input, mostBytes, keepDays, startedBy: setBy };
  }
  const { always, setBy } = recordings.policies.of(guest.id);
  if (!always) return null;
  return { project: null, hasInput: false, mostBytes: null, keepDays: null, startedBy: setBy ?? 'root' };
}

/**
 * Whether a recording is what a policy wants. One by a button is enough where nothing but the terminal itself is wanted; a project's is
 * kept by its own rules, which nobody who is recorded sets. Pure.
 */
export function isWanted(
  view: Pick<RecordingView, 'project' | 'isAlways' | 'hasInput'>,
  policy: AppliedPolicy | null,
): boolean {
  if (policy === null) return !view.isAlways;
  return view.project === policy.project && (policy.project === null || view.hasInput === policy.hasInput);
}
