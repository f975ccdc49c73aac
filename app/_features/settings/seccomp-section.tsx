'use client';

import { useId, useState } from 'react';
import type { GuestIsolation } from '../../../server/guest/schema.ts';
import type { OciSeccomp } from '../../../server/guest/seccomp-schema.ts';
import { buttonClass } from '../../_ui/index.ts';
import { CodeEditor, type LineProblem } from './code-editor.tsx';
import { seccompText } from './describe-setting.ts';
import { lineInJson, readProfile } from './read-profile.ts';
import { sameValue } from './same-value.ts';
import { About, SettingSection } from './setting-section.tsx';
import type { SettingsEdit } from './settings-edit.ts';

type Mode = GuestIsolation['seccomp']['mode'];

const MODES: readonly { mode: Mode; title: string; detail: string }[] = [
  { mode: 'default', title: 'Default', detail: 'what its kind of guest needs, the rest refused' },
  {
    mode: 'nesting',
    title: 'Nesting',
    detail: 'as the default, with namespaces and mounts for containers inside',
  },
  {
    mode: 'log',
    title: 'Log only',
    detail: 'nothing is refused; what would be is logged, to learn a profile',
  },
  { mode: 'profile', title: 'Own profile', detail: 'JSON in the OCI form, as Docker and podman take it' },
];

/** Stands in the draft for a text that is no profile: its check refuses it, so the draft cannot be sent. */
const UNREADABLE = { defaultAction: '' } as unknown as OciSeccomp;
const AT = 'isolation.seccomp.profile';

/** Which system calls are let through. */
export function SeccompSection({ edit }: { edit: SettingsEdit }) {
  const { seccomp } = edit.isolation;
  const name = useId();
  const set = (mode: Mode) =>
    edit.setIsolation({ seccomp: mode === 'profile' ? { mode, profile: UNREADABLE } : { mode } });
  return (
    <SettingSection
      edit={edit}
      title="System calls"
      paths={['isolation.seccomp']}
      summary={seccompText(seccomp)}
    >
      <fieldset className="grid gap-2 @lg:grid-cols-2">
        <legend className="sr-only">seccomp</legend>
        {MODES.map(({ mode, title, detail }) => (
          <label
            key={mode}
            className="flex cursor-pointer items-start gap-2 rounded-md border border-line-strong px-3 py-2 has-checked:border-accent has-checked:bg-selected has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={name}
              checked={seccomp.mode === mode}
              onChange={() => set(mode)}
              className="mt-0.75 accent-accent"
            />
            <span className="flex flex-col">
              <span className="font-medium text-sm">{title}</span>
              <span className="text-muted text-xs">{detail}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {'profile' in seccomp && <ProfileEditor edit={edit} profile={seccomp.profile} />}
      <About>Log only and an own profile need privilege: a filter that lets all through is no wall.</About>
    </SettingSection>
  );
}

function ProfileEditor({ edit, profile }: { edit: SettingsEdit; profile: object }) {
  const [typed, setTyped] = useState<string | null>(null);
  const read = typed === null ? null : readProfile(typed);
  // What is typed counts as long as it is what the draft has; changed elsewhere, the draft is shown.
  const inStep = read !== null && sameValue(read.profile ?? UNREADABLE, profile);
  const text = inStep
    ? (typed ?? '')
    : sameValue(profile, UNREADABLE)
      ? ''
      : JSON.stringify(profile, null, 2);
  const problems: LineProblem[] = inStep ? (read?.problems ?? []) : readProfile(text).problems;
  const refused = [...edit.problems].flatMap(([path, message]) => {
    if (!path.startsWith(AT) || problems.length > 0) return [];
    return [{ line: lineInJson(text, path.slice(AT.length + 1).split('.')), message }];
  });
  const take = (next: string) => {
    setTyped(next);
    edit.setIsolation({ seccomp: { mode: 'profile', profile: readProfile(next).profile ?? UNREADABLE } });
  };
  return (
    <div className="flex flex-col gap-2">
      <div>
        <label className={buttonClass('secondary', 'cursor-pointer has-focus-visible:outline-2')}>
          Choose a file
          <input
            type="file"
            accept=".json,application/json"
            className="sr-only"
            onChange={(event) => {
              const [file] = event.currentTarget.files ?? [];
              void file?.text().then(take);
            }}
          />
        </label>
      </div>
      <div className="max-h-120 overflow-y-auto">
        <CodeEditor
          label="seccomp profile"
          text={text}
          problems={[...problems, ...refused]}
          onChange={take}
        />
      </div>
    </div>
  );
}
