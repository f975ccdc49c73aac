'use client';

import { useState } from 'react';
import { Icon } from '../../_ui/index.ts';
import {
  DEFAULT_SETTINGS,
  ruleProblems,
  type SettingsEdit,
  SettingsSections,
  usePeers,
} from '../settings/index.ts';
import type { DraftProblems, GuestDraft } from './guest-draft.ts';

export interface AdvancedSettingsProps {
  draft: GuestDraft;
  problems: DraftProblems;
  onChange: (part: Partial<Pick<GuestDraft, 'isolation' | 'init'>>) => void;
}

/** All other settings of a guest that is not made yet, folded away: who needs none of them never sees them. */
export function AdvancedSettings({ draft, problems, onChange }: AdvancedSettingsProps) {
  const [open, setOpen] = useState(false);
  const wrong = Object.keys(problems).some((path) => /^(isolation|init)\b/.test(path));
  const shown = open || wrong;
  return (
    <div className="flex flex-col gap-4">
      <button
        type="button"
        aria-expanded={shown}
        onClick={() => setOpen(!shown)}
        className="flex items-center gap-2 self-start rounded-sm font-medium text-accent text-sm hover:underline"
      >
        <Icon name={shown ? 'down' : 'right'} size={14} />
        Advanced: mounts, devices, isolation, restart
      </button>
      {shown && <Sections draft={draft} problems={problems} onChange={onChange} />}
    </div>
  );
}

function Sections({ draft, problems, onChange }: AdvancedSettingsProps) {
  const { name, kind, isolation } = draft;
  const peers = usePeers({ name, isolation });
  const rules = ruleProblems({ name, kind, isolation }, peers).map(
    ({ field, message }) => [field.join('.'), message] as const,
  );
  const edit: SettingsEdit = {
    guest: draft.name,
    kind: draft.kind,
    peers,
    isolation: draft.isolation,
    init: draft.init,
    base: DEFAULT_SETTINGS,
    problems: new Map([...rules, ...Object.entries(problems)]),
    setIsolation: (part) => onChange({ isolation: { ...draft.isolation, ...part } }),
    setInit: (part) => onChange({ init: { ...draft.init, ...part } }),
  };
  return <SettingsSections edit={edit} idBase={null} confirm="here" />;
}
