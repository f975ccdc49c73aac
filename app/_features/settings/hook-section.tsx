'use client';

import { useState } from 'react';
import { type OciHook, ociHook } from '../../../server/guest/init-schema.ts';
import { Field, NumberInput, plural, Select, shellQuote, splitWords, TextInput } from '../../_ui/index.ts';
import { EntryList } from './entry-list.tsx';

import { About, SettingSection } from './setting-section.tsx';
import { problemAt, type SettingsEdit } from './settings-edit.ts';

const STAGES: Readonly<Record<OciHook['stage'], string>> = {
  createRuntime: 'on the host, when the namespaces are made; a failure ends the start',
  createContainer: 'on the host, before the root is changed; a failure ends the start',
  startContainer: 'in the guest, before init; a failure ends the start',
  poststart: 'on the host, when init runs',
  poststop: 'on the host, when all of the guest is gone',
};

/** Programs that run at stages of the guest's life. */
export function HookSection({ edit }: { edit: SettingsEdit }) {
  const { hooks } = edit.init;
  return (
    <SettingSection
      edit={edit}
      title="Hooks"
      paths={['init.hooks']}
      summary={hooks.length > 0 ? `${plural(hooks.length, 'program')} of the host` : 'none'}
    >
      <About>
        Programs of the host, run as its root with the OCI state as JSON on their standard input. They need
        privilege.
      </About>
      <EntryList
        what="hook"
        entries={hooks}
        onChange={(next) => edit.setInit({ hooks: next })}
        create={(): OciHook => ({ stage: 'poststart', path: '/', args: [], env: [], timeoutMs: 10_000 })}
      >
        {(hook, change, index) => (
          <HookFields edit={edit} hook={hook} at={`init.hooks.${index}`} onChange={change} />
        )}
      </EntryList>
    </SettingSection>
  );
}

interface HookFieldsProps {
  edit: SettingsEdit;
  hook: OciHook;
  at: string;
  onChange: (part: Partial<OciHook>) => void;
}

function HookFields({ edit, hook, at, onChange }: HookFieldsProps) {
  return (
    <div className="grid gap-3 @lg:grid-cols-2">
      <Field label="Stage" error={problemAt(edit, `${at}.stage`)}>
        {(control) => (
          <Select
            {...control}
            value={hook.stage}
            options={ociHook.shape.stage.options.map((value) => ({
              value,
              label: value,
              detail: STAGES[value],
            }))}
            onChange={(stage) => onChange({ stage })}
          />
        )}
      </Field>
      <Field label="At most, seconds" error={problemAt(edit, `${at}.timeoutMs`)}>
        {(control) => (
          <NumberInput
            {...control}
            label="seconds"
            value={hook.timeoutMs / 1000}
            min={0.001}
            max={3600}
            onChange={(seconds) => onChange({ timeoutMs: Math.round(seconds * 1000) })}
          />
        )}
      </Field>
      <Field label="Program on the host" error={problemAt(edit, `${at}.path`)}>
        {(control) => (
          <TextInput
            {...control}
            mono
            value={hook.path}
            onChange={(event) => onChange({ path: event.currentTarget.value })}
          />
        )}
      </Field>
      <Words
        label="Arguments"
        words={hook.args}
        error={problemAt(edit, `${at}.args`)}
        onChange={(args) => onChange({ args })}
      />
      <Words
        label="Environment, NAME=VALUE"
        words={hook.env}
        error={problemAt(edit, `${at}.env`)}
        onChange={(env) => onChange({ env })}
      />
    </div>
  );
}

/** Shell words in one line; a quote that is left open is told, and changes nothing until it is closed. */
function Words(props: {
  label: string;
  words: readonly string[];
  error: string | null;
  onChange: (words: string[]) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const isOpen = typed !== null && splitWords(typed) === null;
  return (
    <Field label={props.label} error={isOpen ? 'a quote is left open' : props.error}>
      {(control) => (
        <TextInput
          {...control}
          mono
          value={typed ?? props.words.map(shellQuote).join(' ')}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            const words = splitWords(event.currentTarget.value);
            if (words) props.onChange(words);
          }}
          onBlur={() => !isOpen && setTyped(null)}
        />
      )}
    </Field>
  );
}
