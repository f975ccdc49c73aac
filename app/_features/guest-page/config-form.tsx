'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { GuestUsage } from '../../../server/guest/schema.ts';
import { useTRPC } from '../../_trpc/index.ts';
import {
  Checkbox,
  Field,
  formatBytes,
  formatBytesExact,
  formatBytesWithin,
  formatCores,
  NumberInput,
  parseBytes,
  shellQuote,
  TextInput,
} from '../../_ui/index.ts';
import type { GuestConfig } from '../settings/index.ts';
import { splitWords } from '../terminal/index.ts';

const MiB = 1024 ** 2;
const NO_BOUNDS = { cpu: 4096, memory: 2 ** 53, swap: 2 ** 53, pids: 4_194_304 };

export interface ConfigFormProps {
  config: GuestConfig;
  /** What is wrong, by path: `limits.memory`. */
  problems: ReadonlyMap<string, string>;
  usage: GuestUsage | null;
  onChange: (config: GuestConfig) => void;
}

/** The same configuration as fields, each limit beside its use and the host's bound. */
export function ConfigForm({ config, problems, usage, onChange }: ConfigFormProps) {
  const trpc = useTRPC();
  const defaults = useQuery(trpc.guest.defaults.queryOptions());
  const bounds = defaults.data?.bounds ?? NO_BOUNDS;
  const [line, setLine] = useState<string | null>(null);
  const errorAt = (path: string) => problems.get(path) ?? null;
  const limit = (key: 'cpu' | 'memory' | 'swap' | 'pids') => (value: number) =>
    onChange({ ...config, limits: { ...config.limits, [key]: value } });
  const { limits } = config;
  return (
    <form className="grid gap-4 sm:grid-cols-2" onSubmit={(event) => event.preventDefault()}>
      <Field
        label="CPU, cores"
        aside={usage?.cpu == null ? undefined : `uses ${formatCores(usage.cpu)}`}
        hint={defaults.data && `This host has ${formatCores(bounds.cpu)}.`}
        error={errorAt('limits.cpu')}
      >
        {(control) => (
          <NumberInput
            {...control}
            label="CPU"
            value={limits.cpu}
            min={0.01}
            max={bounds.cpu}
            step={(value, direction) => Math.round((value + direction * 0.5) * 100) / 100}
            onChange={limit('cpu')}
          />
        )}
      </Field>
      <Field
        label="Memory"
        aside={usage ? `uses ${formatBytes(usage.memory)}` : undefined}
        hint={defaults.data && `At most ${formatBytesWithin(bounds.memory)} here.`}
        error={errorAt('limits.memory')}
      >
        {(control) => (
          <NumberInput
            {...control}
            label="memory"
            value={limits.memory}
            min={4 * MiB}
            max={bounds.memory}
            parse={parseBytes}
            format={formatBytesExact}
            step={(value, direction) => (direction > 0 ? value * 2 : value / 2)}
            onChange={limit('memory')}
          />
        )}
      </Field>
      <Field
        label="Swap"
        aside={usage?.swap == null ? undefined : `uses ${formatBytes(usage.swap)}`}
        hint="Beside the memory; 0 B is none."
        error={errorAt('limits.swap')}
      >
        {(control) => (
          <NumberInput
            {...control}
            label="swap"
            value={limits.swap}
            min={0}
            max={bounds.swap}
            parse={parseBytes}
            format={formatBytesExact}
            step={(value, direction) => value + direction * 64 * MiB}
            onChange={limit('swap')}
          />
        )}
      </Field>
      <Field
        label="Processes"
        aside={usage ? `uses ${usage.pids}` : undefined}
        hint="Processes and threads; fork fails at the limit."
        error={errorAt('limits.pids')}
      >
        {(control) => (
          <NumberInput
            {...control}
            label="processes"
            value={limits.pids}
            min={1}
            max={bounds.pids}
            step={(value, direction) => value + direction * 64}
            onChange={limit('pids')}
          />
        )}
      </Field>
      <Field
        label="Command"
        hint="Init of a system guest, or the one command of an application guest. Empty: the image’s own."
        error={errorAt('command')}
      >
        {(control) => (
          <TextInput
            {...control}
            mono
            value={line ?? config.command.map(shellQuote).join(' ')}
            onBlur={() => setLine(null)}
            onChange={(event) => {
              setLine(event.currentTarget.value);
              onChange({ ...config, command: splitWords(event.currentTarget.value) });
            }}
          />
        )}
      </Field>
      <Field
        label="Stop timeout, seconds"
        hint="How long its init has to stop in order; then it is killed."
        error={errorAt('stopTimeoutMs')}
      >
        {(control) => (
          <NumberInput
            {...control}
            label="stop timeout"
            value={config.stopTimeoutMs / 1000}
            min={0}
            max={3600}
            step={(value, direction) => value + direction * 5}
            onChange={(value) => onChange({ ...config, stopTimeoutMs: Math.round(value * 1000) })}
          />
        )}
      </Field>
      <div className="flex flex-col gap-1 sm:col-span-2">
        <Checkbox
          checked={config.alwaysRecorded}
          label="Always record its shells and its console"
          onChange={(alwaysRecorded) => onChange({ ...config, alwaysRecorded })}
        />
        <span className="text-muted text-xs">
          What is shown, never what is typed; everybody in them is told.
        </span>
      </div>
    </form>
  );
}
