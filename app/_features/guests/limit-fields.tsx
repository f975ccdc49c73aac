'use client';

import type { GuestDefaults, GuestLimits } from '../../../server/guest/schema.ts';
import {
  Field,
  formatBytesExact,
  formatBytesWithin,
  formatCores,
  NumberInput,
  parseBytes,
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

export interface LimitFieldsProps {
  limits: GuestLimits;
  bounds: GuestDefaults['bounds'];
  problems: DraftProblems;
  onChange: (name: LimitName, value: number) => void;
}

/** What the guest may use at the most, each beside what the host has. */
export function LimitFields({ limits, bounds, problems, onChange }: LimitFieldsProps) {
  return (
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
  );
}
