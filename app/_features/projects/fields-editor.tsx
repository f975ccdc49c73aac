'use client';

import { useId } from 'react';
import { FIELD_TYPES, type FieldDefinition, type FieldType } from '../../../server/project/field-schema.ts';
import { Button, Field, IconButton, Select, TextInput } from '../../_ui/index.ts';

/** A field as it is being written. */
export interface FieldDraft {
  key: string;
  name: string;
  type: FieldType;
  about: string;
  choices: string;
}

export const draftOfField = ({ choices, ...field }: FieldDefinition): FieldDraft => ({
  ...field,
  key: field.name,
  choices: choices.join(', '),
});

/** What is sent: choices apart, and only where there are any to be. Pure. */
export const fieldOfDraft = ({ name, type, about, choices }: FieldDraft): FieldDefinition => ({
  ...{ name: name.trim(), type, about: about.trim() },
  choices:
    type === 'choice'
      ? choices
          .split(',')
          .map((word) => word.trim())
          .filter(Boolean)
      : [],
});

interface FieldsEditorProps {
  fields: readonly FieldDraft[];
  onChange: (fields: FieldDraft[]) => void;
  /** What is wrong, and with which of them. */
  problem: { index: number | null; message: string } | null;
}

/** What the guests of a project have beside the fields of all. */
export function FieldsEditor({ fields, onChange, problem }: FieldsEditorProps) {
  const id = useId();
  const change = (at: number, part: Partial<FieldDraft>) =>
    onChange(fields.map((field, index) => (index === at ? { ...field, ...part } : field)));
  return (
    <fieldset aria-labelledby={id} className="flex min-w-0 flex-col gap-3">
      <legend id={id} className="font-medium text-sm">
        Fields
      </legend>
      {fields.length === 0 && (
        <p className="text-muted text-xs">
          None yet: such as a cost centre or a stage, on the page of each guest, as a column and in searches.
        </p>
      )}
      {fields.map((field, index) => (
        <div key={field.key} className="flex min-w-0 flex-col gap-2 border-line border-l-2 pl-3">
          <div className="grid grid-cols-[minmax(0,1fr)_8.5rem_auto] items-start gap-2">
            <Field label="Name" error={problem?.index === index ? problem.message : null}>
              {(control) => (
                <TextInput
                  {...control}
                  mono
                  placeholder="cost-centre"
                  value={field.name}
                  onChange={(event) => change(index, { name: event.currentTarget.value })}
                />
              )}
            </Field>
            <Field label="Type">
              {(control) => (
                <Select
                  {...control}
                  value={field.type}
                  options={FIELD_TYPES.map((value) => ({ value, label: value }))}
                  onChange={(type) => change(index, { type })}
                />
              )}
            </Field>
            <span className="pt-6">
              <IconButton
                icon="trash"
                label={`Remove field ${field.name || index + 1}`}
                onClick={() => onChange(fields.filter((_, at) => at !== index))}
              />
            </span>
          </div>
          {field.type === 'choice' && (
            <Field label="Choices" hint="With commas between them.">
              {(control) => (
                <TextInput
                  {...control}
                  placeholder="dev, test, prod"
                  value={field.choices}
                  onChange={(event) => change(index, { choices: event.currentTarget.value })}
                />
              )}
            </Field>
          )}
          <Field label="What it is for" aside="optional">
            {(control) => (
              <TextInput
                {...control}
                value={field.about}
                onChange={(event) => change(index, { about: event.currentTarget.value })}
              />
            )}
          </Field>
        </div>
      ))}
      {problem?.index === null && (
        <p role="alert" className="wrap-anywhere text-bad text-sm">
          {problem.message}
        </p>
      )}
      <span>
        <Button
          icon="plus"
          onClick={() =>
            onChange([
              ...fields,
              { key: crypto.randomUUID(), name: '', type: 'text', about: '', choices: '' },
            ])
          }
        >
          Add field
        </Button>
      </span>
    </fieldset>
  );
}
