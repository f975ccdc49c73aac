import { useId } from 'react';
import { Checkbox, Field, TextInput } from '../../_ui/index.ts';
import type { RecordingDraft, RecordingProblem } from './recording-draft.ts';

interface RecordingEditorProps {
  draft: RecordingDraft;
  onChange: (draft: RecordingDraft) => void;
  problem: RecordingProblem | null;
}

/** Whether the terminals of a project's guests are always recorded, and how. */
export function RecordingEditor({ draft, onChange, problem }: RecordingEditorProps) {
  const id = useId();
  const errorOf = (at: RecordingProblem['at']) => (problem?.at === at ? problem.message : null);
  return (
    <fieldset aria-labelledby={id} className="flex min-w-0 flex-col gap-3">
      <legend id={id} className="mb-1 font-medium text-sm">
        Recording
      </legend>
      <Checkbox
        checked={draft.always}
        label="Always record its terminals"
        onChange={(always) => onChange({ ...draft, always })}
      />
      <p className="text-muted text-xs">
        Those of all its guests, open ones too, at once. Everybody in them is told by which policy, and nobody
        in them can stop it or delete it. Who may look at a guest’s terminals may see its recordings.
      </p>
      {draft.always && (
        <>
          <Checkbox
            checked={draft.input}
            label="Also what is typed, passwords included"
            onChange={(input) => onChange({ ...draft, input })}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              label="Size of one"
              aside="empty: as of all"
              hint="It ends there, as 64 MiB."
              error={errorOf('mostBytes')}
            >
              {(control) => (
                <TextInput
                  {...control}
                  value={draft.mostBytes}
                  onChange={(event) => onChange({ ...draft, mostBytes: event.currentTarget.value })}
                />
              )}
            </Field>
            <Field
              label="Days to keep"
              aside="empty: as of all"
              hint="After its end. What is older goes at once."
              error={errorOf('keepDays')}
            >
              {(control) => (
                <TextInput
                  {...control}
                  inputMode="numeric"
                  value={draft.keepDays}
                  onChange={(event) => onChange({ ...draft, keepDays: event.currentTarget.value })}
                />
              )}
            </Field>
          </div>
        </>
      )}
    </fieldset>
  );
}
