'use client';

import { useQuery } from '@tanstack/react-query';
import type { GuestView } from '../../../server/guest/schema.ts';
import type { FieldDefinition } from '../../../server/project/field-schema.ts';
import { useTRPC } from '../../_trpc/index.ts';
import { type ControlProps, IconButton, Select, TextInput } from '../../_ui/index.ts';
import { useDescribe } from './use-describe.ts';
import { WordField } from './word-field.tsx';

/** The fields of the guest's project, and what is left of those that it does not have (any more). */
export function CustomFields({ guest, refusal }: { guest: GuestView; refusal: string | null }) {
  const trpc = useTRPC();
  const projects = useQuery(trpc.project.list.queryOptions(undefined, { staleTime: 10_000 }));
  const fields = projects.data?.find(({ name }) => name === guest.project)?.fields ?? [];
  const left = Object.keys(guest.fields).filter((name) => !fields.some((field) => field.name === name));
  return (
    <>
      {fields.map((field) => (
        <CustomField key={field.name} guest={guest} refusal={refusal} field={field} />
      ))}
      {projects.data &&
        left.map((name) => <LeftField key={name} guest={guest} refusal={refusal} name={name} />)}
    </>
  );
}

interface CustomFieldProps {
  guest: GuestView;
  refusal: string | null;
  field: FieldDefinition;
}

const HINTS: Record<FieldDefinition['type'], string> = {
  text: 'One line.',
  number: 'A number.',
  choice: 'One of these.',
  date: 'A day.',
};

function CustomField({ guest, refusal, field }: CustomFieldProps) {
  const { name, type, about, choices } = field;
  const value = guest.fields[name];
  const control = (ids: ControlProps, text: string, onText: (text: string) => void) =>
    type === 'choice' ? (
      <Select
        {...ids}
        value={text}
        options={[
          { value: '', label: 'not set' },
          ...choices.map((choice) => ({ value: choice, label: choice })),
        ]}
        onChange={onText}
      />
    ) : (
      <TextInput
        {...ids}
        type={type === 'date' ? 'date' : 'text'}
        inputMode={type === 'number' ? 'decimal' : undefined}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
      />
    );
  return (
    <WordField
      guest={guest}
      refusal={refusal}
      title={name}
      hint={about || HINTS[type]}
      text={value === undefined ? '' : String(value)}
      nothing="not set"
      change={(text) => ({ setFields: { [name]: text || null } })}
      control={control}
    />
  );
}

/** A value of a field that the project does not have: it is shown, and can only be taken away. */
function LeftField({ guest, refusal, name }: { guest: GuestView; refusal: string | null; name: string }) {
  const { save, failure } = useDescribe(guest);
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <h2 className="font-semibold text-sm">
        {name} <span className="font-normal text-muted">· no field of {guest.project}</span>
      </h2>
      <div className="flex min-w-0 items-center gap-2">
        <span className="wrap-anywhere min-w-0">{String(guest.fields[name])}</span>
        <IconButton
          icon="close"
          label={`remove ${name}`}
          disabledReason={refusal}
          onClick={() => void save({ setFields: { [name]: null } })}
        />
      </div>
      {failure && (
        <p role="alert" className="wrap-anywhere text-bad text-sm">
          {failure.message}
        </p>
      )}
    </div>
  );
}
