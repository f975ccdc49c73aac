'use client';

import { useQuery } from '@tanstack/react-query';
import type { LimitPreset } from '../../../server/guest/effects-schema.ts';
import { useTRPC } from '../../_trpc/index.ts';
import { Chip, Tooltip } from '../../_ui/index.ts';
import { changedKeys, LIMIT_NAMES, limitText } from './limit-text.ts';
import type { LimitDraft } from './use-limit-draft.ts';

/** Sets of limits by a name; pressing one drafts it. */
export function PresetBar({ draft }: { draft: LimitDraft }) {
  const trpc = useTRPC();
  const presets = useQuery(trpc.guest.presets.queryOptions()).data ?? [];
  if (presets.length === 0) return null;
  return (
    <fieldset className="flex flex-wrap items-center gap-2">
      <legend className="float-left mr-2 text-muted text-sm">Preset</legend>
      {presets.map((preset) => (
        <Tooltip key={preset.name} text={whatChanges(draft, preset)}>
          <span>
            <Chip
              pressed={changedKeys(draft.limits, { ...draft.limits, ...preset.limits }).length === 0}
              onClick={() => draft.set(preset.limits)}
            >
              {preset.name}
            </Chip>
          </span>
        </Tooltip>
      ))}
    </fieldset>
  );
}

function whatChanges({ limits }: LimitDraft, preset: LimitPreset): string {
  const wanted = { ...limits, ...preset.limits };
  const changes = changedKeys(limits, wanted).map(
    (key) => `${LIMIT_NAMES[key].name} ${limitText(key, wanted)}`,
  );
  return changes.length > 0 ? `Sets ${changes.join(', ')}` : `As it is: ${preset.summary}`;
}
