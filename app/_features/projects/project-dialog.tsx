'use client';

import { type FormEvent, useId, useRef, useState } from 'react';
import { fieldDefinitions } from '../../../server/project/field-schema.ts';
import {
  NO_QUOTAS,
  type ProjectView,
  projectName,
  QUOTA_NAMES,
  type QuotaName,
} from '../../../server/project/schema.ts';
import { toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, Field, notify, TextInput } from '../../_ui/index.ts';
import { draftOfField, FieldsEditor, fieldOfDraft } from './fields-editor.tsx';
import { draftOf, QUOTA_TEXTS, readDraft } from './quota-text.ts';
import { draftOfRecording, type RecordingProblem, readRecordingDraft } from './recording-draft.ts';
import { RecordingEditor } from './recording-editor.tsx';

type Problems = Partial<Record<QuotaName | 'name' | 'about' | '', string>>;

type FieldProblem = { index: number | null; message: string };

function fieldProblemOf(issue?: { path: PropertyKey[]; message: string }): FieldProblem {
  const [at] = issue?.path ?? [];
  return { index: typeof at === 'number' ? at : null, message: issue?.message ?? 'a field is wrong' };
}

/** Makes a project, or changes what one is for and its quotas. */
export function ProjectDialog({ project, onClose }: { project: ProjectView | null; onClose: () => void }) {
  const api = useTRPCClient();
  const form = useId();
  const first = useRef<HTMLInputElement>(null);
  const before = project?.quotas ?? NO_QUOTAS;
  const [name, setName] = useState('');
  const [about, setAbout] = useState(project?.about ?? '');
  const [fields, setFields] = useState(() => (project?.fields ?? []).map(draftOfField));
  const [draft, setDraft] = useState(() => draftOf(before));
  const [recording, setRecording] = useState(() => draftOfRecording(project?.recording ?? null));
  const [recordingProblem, setRecordingProblem] = useState<RecordingProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<Problems>({});
  const [fieldProblem, setFieldProblem] = useState<FieldProblem | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const read = readDraft(draft, before);
    const wrong = project ? undefined : projectName.safeParse(name).error?.issues[0]?.message;
    if (wrong) return setProblems({ name: wrong });
    if ('wrong' in read)
      return setProblems({
        [read.wrong]: `${draft[read.wrong]} is no amount: write a number, or nothing for no quota`,
      });
    const { quotas } = read;
    const definitions = fieldDefinitions.safeParse(fields.map(fieldOfDraft));
    if (!definitions.success) return setFieldProblem(fieldProblemOf(definitions.error.issues[0]));
    const policy = readRecordingDraft(recording, project?.recording ?? null);
    if ('at' in policy) return setRecordingProblem(policy);
    const change = { about, quotas, fields: definitions.data, ...policy };
    setBusy(true);
    try {
      if (project) await api.project.set.mutate({ project: project.name, ...change });
      else await api.project.create.mutate({ name, ...change });
      onClose();
      notify({ title: project ? `project ${project.name} is changed` : `project ${name} is made` });
    } catch (cause) {
      const { message, field } = toApiError(cause);
      const at = field?.at(-1);
      const known = [...QUOTA_NAMES, 'name', 'about'].find((one) => one === at) ?? '';
      setProblems({ [known]: message });
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={project ? `Project ${project.name}` : 'New project'}
      description="Quotas count all guests, running or not. One below what is in use takes nothing away: nothing more is given."
      initialFocus={first}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={form} busy={busy}>
            {project ? 'Save' : 'Make it'}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        {problems[''] && (
          <p role="alert" className="wrap-anywhere text-bad text-sm">
            {problems['']}
          </p>
        )}
        {!project && (
          <Field label="Name" error={problems.name} hint="Lower-case letters, digits and hyphens.">
            {(control) => (
              <TextInput
                {...control}
                ref={first}
                mono
                value={name}
                onChange={(event) => {
                  setName(event.currentTarget.value);
                  setProblems(({ name: _, ...others }) => others);
                }}
              />
            )}
          </Field>
        )}
        <Field label="About" aside="optional" error={problems.about}>
          {(control) => (
            <TextInput {...control} value={about} onChange={(event) => setAbout(event.currentTarget.value)} />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          {QUOTA_NAMES.map((quota) => (
            <Field
              key={quota}
              label={QUOTA_TEXTS[quota].label}
              aside="empty: no quota"
              hint={QUOTA_TEXTS[quota].hint}
              error={problems[quota]}
            >
              {(control) => (
                <TextInput
                  {...control}
                  value={draft[quota]}
                  onChange={(event) => setDraft({ ...draft, [quota]: event.currentTarget.value })}
                />
              )}
            </Field>
          ))}
        </div>
        <RecordingEditor
          draft={recording}
          problem={recordingProblem}
          onChange={(next) => {
            setRecording(next);
            setRecordingProblem(null);
          }}
        />
        <FieldsEditor
          fields={fields}
          problem={fieldProblem}
          onChange={(next) => {
            setFields(next);
            setFieldProblem(null);
          }}
        />
      </form>
    </Dialog>
  );
}
