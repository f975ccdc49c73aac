'use client';

import { NO_REAL_TIME } from '../../../server/guest/real-time-schema.ts';
import { Checkbox, Field, formatCores, NumberInput, TextInput } from '../../_ui/index.ts';
import { parseCpuList, toggleCpu } from './cpu-list.ts';
import { LimitChart } from './limit-chart.tsx';
import { IfAvailable, LimitGroup } from './limit-group.tsx';
import { formatMicros, parseMicros } from './limit-text.ts';
import { useLimitsPage } from './limits-context.ts';
import { UsedOf } from './used-of.tsx';

/** More boxes than this are no help. */
const MOST_BOXES = 64;
const cores = (value: number) => `${formatCores(value)} ${value === 1 ? 'core' : 'cores'}`;

/** CPU time: how much, how smooth, on which CPUs, and who goes first. */
export function CpuLimits() {
  const { guest, draft, history, lack } = useLimitsPage();
  const { limits, bounds, hostBounds, set, errorAt } = draft;
  const range = { min: 0.01, max: bounds.cpu };
  return (
    <LimitGroup
      group="cpu"
      title="CPU"
      chart={
        <LimitChart
          title="CPU"
          now={
            <UsedOf
              used={guest.usage?.cpu ?? null}
              limit={guest.limits.cpu}
              format={formatCores}
              unit="cores"
            />
          }
          at={history.at}
          series={[{ name: 'CPU', values: history.cpu, colour: '--accent' }]}
          format={formatCores}
          limits={
            lack('cpu')
              ? []
              : [
                  {
                    name: 'CPU limit',
                    unit: 'cores',
                    value: limits.cpu,
                    inForce: guest.limits.cpu,
                    range,
                    format: cores,
                    onChange: (cpu) => cpu !== null && set({ cpu }),
                  },
                ]
          }
        />
      }
      more={{ summary: 'Weight, period, burst, CPUs and real time', fields: <MoreCpu /> }}
    >
      <IfAvailable limit="cpu">
        <Field
          label="CPU, cores"
          aside={hostBounds && `of ${formatCores(hostBounds.cpu)}`}
          error={errorAt('cpu')}
        >
          {(control) => (
            <NumberInput
              {...control}
              label="CPU"
              value={limits.cpu}
              {...range}
              step={(value, direction) => Math.round((value + direction * 0.25) * 100) / 100}
              onChange={(cpu) => set({ cpu })}
            />
          )}
        </Field>
      </IfAvailable>
    </LimitGroup>
  );
}

function MoreCpu() {
  const { host, draft } = useLimitsPage();
  const { limits, set, errorAt } = draft;
  const count = host?.cpus ?? 0;
  const chosen = limits.cpuset === null ? null : parseCpuList(limits.cpuset);
  return (
    <>
      <IfAvailable limit="cpuWeight">
        <Field
          label="Weight"
          aside="usually 100"
          hint="Its share where guests compete for CPUs: 200 gets twice as much as 100."
          error={errorAt('cpuWeight')}
        >
          {(control) => (
            <NumberInput
              {...control}
              label="CPU weight"
              value={limits.cpuWeight}
              min={1}
              max={10_000}
              step={(value, direction) => value + direction * 10}
              onChange={(cpuWeight) => set({ cpuWeight })}
            />
          )}
        </Field>
      </IfAvailable>
      <IfAvailable limit="cpuPeriodMicros">
        <Field
          label="Period"
          aside="usually 100 ms"
          hint="In which the limit is counted: short is smooth, long lets bursts through."
          error={errorAt('cpuPeriodMicros')}
        >
          {(control) => (
            <NumberInput
              {...control}
              label="CPU period"
              value={limits.cpuPeriodMicros}
              min={1000}
              max={1_000_000}
              parse={parseMicros}
              format={formatMicros}
              step={(value, direction) => value + direction * 10_000}
              onChange={(cpuPeriodMicros) => set({ cpuPeriodMicros })}
            />
          )}
        </Field>
      </IfAvailable>
      <IfAvailable limit="cpuBurstMicros">
        <Field
          label="Burst"
          aside="usually none"
          hint="Unused time that it may save up and use at once; at most one period’s worth."
          error={errorAt('cpuBurstMicros')}
        >
          {(control) => (
            <NumberInput
              {...control}
              label="CPU burst"
              value={limits.cpuBurstMicros}
              min={0}
              max={Math.floor(limits.cpu * limits.cpuPeriodMicros) || 0}
              parse={parseMicros}
              format={formatMicros}
              step={(value, direction) => value + direction * 10_000}
              onChange={(cpuBurstMicros) => set({ cpuBurstMicros })}
            />
          )}
        </Field>
      </IfAvailable>
      <div className="flex flex-col gap-1 text-sm">
        <span className="font-medium text-muted">Real time</span>
        <p className="text-muted text-xs first-letter:uppercase">{NO_REAL_TIME}.</p>
      </div>
      <div className="sm:col-span-2 xl:col-span-3">
        <IfAvailable limit="cpuset">
          <Field
            label="CPUs that it may run on"
            aside={chosen === null ? 'all' : `${chosen.length} of ${count}`}
            hint="A list such as 0-1,3; empty is all of them."
            error={errorAt('cpuset')}
          >
            {(control) => (
              <div className="flex flex-col gap-2">
                <TextInput
                  {...control}
                  mono
                  className="max-w-80"
                  value={limits.cpuset ?? ''}
                  placeholder="all"
                  onChange={(event) => set({ cpuset: event.currentTarget.value.trim() || null })}
                />
                {count > 1 && count <= MOST_BOXES && (
                  <fieldset className="flex flex-wrap gap-x-4 gap-y-1">
                    <legend className="sr-only">CPUs</legend>
                    {Array.from({ length: count }, (_, cpu) => cpu).map((cpu) => (
                      <Checkbox
                        key={cpu}
                        label={`CPU ${cpu}`}
                        checked={chosen === null || chosen.includes(cpu)}
                        onChange={(on) => set({ cpuset: toggleCpu(limits.cpuset, cpu, on, count) })}
                      />
                    ))}
                  </fieldset>
                )}
              </div>
            )}
          </Field>
        </IfAvailable>
      </div>
    </>
  );
}
