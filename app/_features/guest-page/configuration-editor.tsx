'use client';

import Link from 'next/link';
import { useMemo, useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { Button, Chip, Icon, plural } from '../../_ui/index.ts';
import { useReasonAgainst } from '../guests/index.ts';
import { CodeEditor, PrivilegedDialog, type SettingsEdit, SettingsSections } from '../settings/index.ts';
import { AppliedChange, ChangeList } from './change-list.tsx';
import { ConfigForm } from './config-form.tsx';
import { ConfigureCommands } from './configure-commands.tsx';
import { DraftFailure } from './draft-failure.tsx';
import { configureInput, describeInput, recordInput } from './guest-config.ts';
import { countsFromNextStart } from './takes-effect.ts';
import { useConfiguration } from './use-configuration.ts';

/** Edits all settings of a guest: two views of one draft, the difference, then the change. */
export function ConfigurationEditor({ guest }: { guest: GuestView }) {
  const draft = useConfiguration(guest);
  const [view, setView] = useState<'form' | 'yaml'>('form');
  const [isAsking, setAsking] = useState(false);
  const { form, current, config, changes } = draft;
  const problems = useMemo(
    () => new Map(draft.problems.map(({ path, message }) => [path, message])),
    [draft.problems],
  );
  const refusal = useReasonAgainst()('configure', guest);
  const noApply =
    refusal ??
    (draft.isUnusable
      ? `${plural(draft.problems.length, 'problem')} to mend first`
      : changes.length === 0
        ? 'nothing is changed yet'
        : null);
  const runs = guest.initPid !== null;
  const later = runs ? changes.filter(({ path }) => countsFromNextStart(path)).length : 0;
  // A form cannot show a text that cannot be read.
  const shown = form ? view : 'yaml';
  const edit: SettingsEdit | null = form && {
    guest: guest.name,
    kind: guest.kind,
    peers: draft.peers,
    isolation: form.isolation,
    init: form.init,
    base: current,
    problems,
    setIsolation: (part) => draft.editForm({ ...form, isolation: { ...form.isolation, ...part } }),
    setInit: (part) => draft.editForm({ ...form, init: { ...form.init, ...part } }),
  };
  const apply = () => {
    if (config?.isolation.privileged && !current.isolation.privileged) setAsking(true);
    else void draft.apply();
  };

  return (
    <div className="flex min-h-full flex-col">
      <div className="flex max-w-4xl flex-1 flex-col gap-5 px-4 py-4 sm:px-6">
        <div className="flex flex-wrap items-center gap-2">
          <Chip pressed={shown === 'form'} onClick={() => setView('form')}>
            Form
          </Chip>
          <Chip pressed={shown === 'yaml'} onClick={() => setView('yaml')}>
            YAML
          </Chip>
          <span className="text-muted text-sm">
            {runs
              ? 'Limits, mounts and devices count at once, most of the rest at the next start.'
              : 'It does not run: all counts from the next start on.'}
          </span>
        </div>
        {draft.isStale && (
          <p
            role="status"
            className="flex items-center gap-2 rounded-md bg-wait-soft px-3 py-2 text-sm text-wait"
          >
            <Icon name="info" />
            <span className="flex-1">
              The configuration was changed elsewhere while you edited; the difference below is to what it is
              now.
            </span>
            <Button look="quiet" onClick={draft.reset}>
              Show what it is
            </Button>
          </p>
        )}
        {shown === 'yaml' || !form || !edit ? (
          <CodeEditor
            text={draft.text}
            problems={draft.problems}
            onChange={draft.edit}
            label={`configuration of ${guest.name}`}
          />
        ) : (
          <>
            <section className="flex flex-col gap-4">
              <h3 className="flex flex-wrap items-baseline gap-x-3 border-line border-b pb-2 font-semibold">
                Limits and command
                <Link
                  href={`/guests/${encodeURIComponent(guest.name)}/limits`}
                  className="rounded-sm font-normal text-accent text-xs hover:underline"
                >
                  All limits, live
                </Link>
              </h3>
              <ConfigForm config={form} problems={problems} usage={guest.usage} onChange={draft.editForm} />
            </section>
            <SettingsSections edit={edit} idBase={guest.idBase} confirm="later" />
          </>
        )}
        <DraftFailure failure={draft.failure} />
        <ChangeList changes={changes} runs={runs} />
        {draft.applied && !draft.isDirty && (
          <AppliedChange
            applied={draft.applied}
            runs={runs}
            busy={draft.isApplying}
            refusal={refusal}
            onUndo={() => void draft.undo()}
          />
        )}
        {config && changes.length > 0 && (
          <ConfigureCommands
            name={guest.name}
            input={configureInput(current, config)}
            words={describeInput(current, config)}
            record={recordInput(current, config)}
          />
        )}
      </div>
      <div className="sticky bottom-0 border-line border-t bg-canvas px-4 py-3 sm:px-6">
        <div className="flex max-w-212 flex-wrap items-center gap-2">
          <span role="status" className="wrap-anywhere mr-auto min-w-0 flex-1 basis-48 text-muted text-sm">
            {draft.isUnusable
              ? problemsText(draft.problems)
              : changes.length === 0
                ? 'Nothing is changed'
                : plural(changes.length, 'change')}
            {later > 0 && (
              <span className="text-wait">
                {later === changes.length ? ', from the next start on' : `, ${later} from the next start on`}
              </span>
            )}
          </span>
          <Button disabledReason={draft.isDirty ? null : 'nothing is changed yet'} onClick={draft.reset}>
            Reset
          </Button>
          <Button look="primary" busy={draft.isApplying} disabledReason={noApply} onClick={apply}>
            Apply
          </Button>
        </div>
      </div>
      {isAsking && (
        <PrivilegedDialog
          guest={guest.name}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            void draft.apply();
          }}
        />
      )}
    </div>
  );
}

/** How many, and the first of them: what it is about may be far out of sight. */
function problemsText(problems: readonly { message: string }[]): string {
  const [first] = problems;
  const count = `${plural(problems.length, 'problem')} to mend`;
  return first ? `${count}: ${first.message}` : count;
}
