'use client';

import { useQuery } from '@tanstack/react-query';
import type { LimitPreset } from '../../../server/guest/effects-schema.ts';
import type { GuestDefaults, GuestLimits } from '../../../server/guest/schema.ts';
import { useTRPC } from '../../_trpc/index.ts';
import {
  Chip,
  Field,
  formatBytesExact,
  formatBytesWithin,
  formatCores,
  NumberInput,
  parseBytes,
  Tooltip,
} from '../../_ui/index.ts';
import type { DraftProblems, LimitName } from './guest-draft.ts';

const MIB = 1024 ** 2;

/** Memory goes by doubling and halving, as memory is sold. */
function stepMemory(bytes: number, direction: 1 | -1): number {
  if (bytes === 0) return direction > 0 ? 64 * MIB : 0;
  return direction > 0 ? bytes * 2 : bytes <= 64 * MIB ? 0 : Math.floor(bytes / 2);
}

function stepCores(cores: number, direction: 1 | -1): number {
  const by = cores < 1 || (cores === 1 && direction < 0) ? 0.25 : cores < 4 ? 0.5 : 1;
  return Math.round((cores + by * direction) * 100) / 100;
}

/** Sets of limits by a name, each with what it sets. */
function Presets({ limits, onChoose }: { limits: GuestLimits; onChoose: (preset: LimitPreset) => void }) {
  const trpc = useTRPC();
  const presets = useQuery(trpc.guest.presets.queryOptions()).data ?? [];
  const isChosen = ({ limits: wanted }: LimitPreset) => LIMITS.every((name) => limits[name] === wanted[name]);
  return (
    <fieldset className="flex flex-wrap items-center gap-2">
      <legend className="float-left mr-2 text-muted text-sm">Preset</legend>
      {presets.map((preset) => (
        <Tooltip key={preset.name} text={preset.summary}>
          <span>
            <Chip pressed={isChosen(preset)} onClick={() => onChoose(preset)}>
              {preset.name}
            </Chip>
          </span>
        </Tooltip>
      ))}
    </fieldset>
  );
}

const LIMITS = ['cpu', 'memory', 'swap', 'pids'] as const;

export interface LimitFieldsProps {
  limits: GuestLimits;
  bounds: GuestDefaults['bounds'];
  problems: DraftProblems;
  onChange: (name: LimitName, value: number) => void;
}

/** What the guest may use at the most, each beside what the host has. */
export function LimitFields({ limits, bounds, problems, onChange }: LimitFieldsProps) {
  return (
    <div className="flex flex-col gap-3">
      <Presets
        limits={limits}
        onChoose={(preset) => {
          for (const name of LIMITS) onChange(name, preset.limits[name]);
        }}
      />
      <div className="grid grid-cols-2 gap-4 max-[420px]:grid-cols-1">
        <Field label="CPU" aside={`of ${formatCores(bounds.cpu)} cores`} error={problems['limits.cpu']}>
          {(control) => (
            <NumberInput
              {...control}
              label="CPU"
              name="limits.cpu"
              value={limits.cpu}
              min={0.25}
              max={bounds.cpu}
              format={formatCores}
              step={stepCores}
              onChange={(value) => onChange('cpu', value)}
            />
          )}
        </Field>
        <Field
          label="Memory"
          aside={`of ${formatBytesWithin(bounds.memory)}`}
          error={problems['limits.memory']}
        >
          {(control) => (
            <NumberInput
              {...control}
              label="memory"
              name="limits.memory"
              value={limits.memory}
              min={16 * MIB}
              max={bounds.memory}
              parse={parseBytes}
              format={formatBytesExact}
              step={stepMemory}
              onChange={(value) => onChange('memory', value)}
            />
          )}
        </Field>
        <Field
          label="Swap"
          aside={bounds.swap > 0 ? `of ${formatBytesWithin(bounds.swap)}` : 'this host has none'}
          error={problems['limits.swap']}
        >
          {(control) => (
            <NumberInput
              {...control}
              label="swap"
              name="limits.swap"
              value={limits.swap}
              min={0}
              max={bounds.swap}
              parse={parseBytes}
              format={formatBytesExact}
              step={stepMemory}
              onChange={(value) => onChange('swap', value)}
            />
          )}
        </Field>
        <Field
          label="Processes"
          aside={`at most ${bounds.pids.toLocaleString('en')}`}
          error={problems['limits.pids']}
        >
          {(control) => (
            <NumberInput
              {...control}
              label="processes"
              name="limits.pids"
              value={limits.pids}
              min={1}
              max={bounds.pids}
              step={(value, direction) => value + 128 * direction}
              onChange={(value) => onChange('pids', value)}
            />
          )}
        </Field>
      </div>
    </div>
  );
}
