'use client';

import { useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { Button, Chip, EquivalentCommands, Icon, plural, shellQuote } from '../../_ui/index.ts';
import { reasonAgainst } from '../guests/index.ts';
import { AppliedChange, ChangeList } from './change-list.tsx';
import { ConfigForm } from './config-form.tsx';
import { toYaml } from './config-yaml.ts';
import { type ConfigureInput, configureInput } from './guest-config.ts';
import { formatSize } from './size.ts';
import { useConfiguration } from './use-configuration.ts';
import { YamlEditor } from './yaml-editor.tsx';

/** Edits a guest's limits, command and stop timeout: two views of one draft, the difference, then the change. */
export function ConfigurationEditor({ guest }: { guest: GuestView }) {
  const draft = useConfiguration(guest);
  const [view, setView] = useState<'form' | 'yaml'>('form');
  const refusal = reasonAgainst('configure', guest);
  const noApply =
    refusal ??
    (draft.problems.length > 0
      ? `${plural(draft.problems.length, 'problem')} to mend first`
      : draft.changes.length === 0
        ? 'nothing is changed yet'
        : null);
  const runs = guest.initPid !== null;
  // A form cannot show a text that cannot be read.
  const shown = draft.config ? view : 'yaml';

  return (
    <div className="flex max-w-4xl flex-col gap-4 p-4 sm:p-6">
      <div className="flex flex-wrap items-center gap-2">
        <Chip pressed={shown === 'form'} onClick={() => setView('form')}>
          Form
        </Chip>
        <Chip pressed={shown === 'yaml'} onClick={() => setView('yaml')}>
          YAML
        </Chip>
        <span className="text-muted text-sm">
          {runs
            ? 'Limits take hold at once; the command at the next start.'
            : 'It does not run: all takes hold at the next start.'}
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
      {shown === 'yaml' ? (
        <YamlEditor
          text={draft.text}
          problems={draft.problems}
          onChange={draft.edit}
          label={`configuration of ${guest.name}`}
        />
      ) : (
        <ConfigForm
          config={draft.config ?? draft.current}
          failure={draft.failure}
          usage={guest.usage}
          onChange={(config) => draft.edit(toYaml(config))}
        />
      )}
      {draft.failure && !draft.failure.field && (
        <p role="alert" className="wrap-anywhere flex items-start gap-2 text-bad text-sm">
          <Icon name="warning" className="mt-0.5" />
          {draft.failure.message}
        </p>
      )}
      <ChangeList changes={draft.changes} />
      <div className="flex flex-wrap items-center gap-2">
        <Button
          look="primary"
          busy={draft.isApplying}
          disabledReason={noApply}
          onClick={() => void draft.apply()}
        >
          Apply
        </Button>
        <Button disabledReason={draft.isDirty ? null : 'nothing is changed yet'} onClick={draft.reset}>
          Reset
        </Button>
      </div>
      {draft.applied && !draft.isDirty && (
        <AppliedChange
          applied={draft.applied}
          busy={draft.isApplying}
          refusal={refusal}
          onUndo={() => void draft.undo()}
        />
      )}
      {draft.config && draft.changes.length > 0 && (
        <Equivalent name={guest.name} input={configureInput(draft.current, draft.config)} />
      )}
    </div>
  );
}

function Equivalent({ name, input }: { name: string; input: ConfigureInput }) {
  const words = ['berth', 'guest', 'set', name];
  for (const [limit, value] of Object.entries(input.limits ?? {})) {
    const isSize = (limit === 'memory' || limit === 'swap') && typeof value === 'number';
    words.push(`--${limit}`, isSize ? formatSize(value).replace(' ', '') : String(value));
  }
  if (input.stopTimeoutMs !== undefined) words.push('--stop-timeout', `${input.stopTimeoutMs}ms`);
  if (input.command !== undefined) words.push('--', ...input.command);
  return (
    <EquivalentCommands
      cli={words.map(shellQuote).join(' ')}
      api={{ procedure: 'guest.configure', input: { guest: name, ...input } }}
    />
  );
}
