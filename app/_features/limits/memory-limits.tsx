'use client';

import type { GuestLimits } from '../../../server/guest/limits-schema.ts';
import {
  Field,
  formatBytes,
  formatBytesExact,
  formatBytesWithin,
  Icon,
  NumberInput,
  parseBytes,
  Select,
} from '../../_ui/index.ts';
import { LimitChart } from './limit-chart.tsx';
import { IfAvailable, LimitGroup } from './limit-group.tsx';
import { useLimitsPage } from './limits-context.ts';
import { NullableNumber } from './nullable-number.tsx';
import { UsedOf } from './used-of.tsx';

const MIB = 1024 ** 2;
const double = (value: number, direction: 1 | -1) => (direction > 0 ? value * 2 : value / 2);
const by64 = (value: number, direction: 1 | -1) => value + direction * 64 * MIB;

const OUT_OF_MEMORY: { value: GuestLimits['outOfMemory']; label: string; detail: string }[] = [
  {
    value: 'kill-one',
    label: 'End one process',
    detail: 'the kernel picks the one that has most; the guest runs on',
  },
  {
    value: 'kill-all',
    label: 'End the guest',
    detail: 'all its processes at once: nothing runs on half dead',
  },
  {
    value: 'freeze',
    label: 'Stand still and ask',
    detail: 'the guest is frozen until somebody raises the limit, ends a process or stops it',
  },
];

/** Memory and swap: how much, from where on it is slowed, and what happens when there is no more. */
export function MemoryLimits() {
  const { guest, draft, history, lack } = useLimitsPage();
  const { limits, bounds, hostBounds, set, errorAt } = draft;
  const range = { min: 4 * MIB, max: bounds.memory };
  return (
    <LimitGroup
      group="memory"
      title="Memory"
      chart={
        <LimitChart
          title="Memory"
          now={<UsedOf used={guest.usage?.memory ?? null} limit={guest.limits.memory} format={formatBytes} />}
          at={history.at}
          series={[{ name: 'Memory', values: history.memory, colour: '--accent' }]}
          format={formatBytes}
          bytes
          limits={
            lack('memory')
              ? []
              : [
                  {
                    name: 'memory limit',
                    unit: 'bytes',
                    value: limits.memory,
                    inForce: guest.limits.memory,
                    range,
                    format: formatBytesExact,
                    onChange: (memory) => memory !== null && set({ memory }),
                  },
                ]
          }
        />
      }
      more={{ summary: 'Slow down, spare, and what happens when memory runs out', fields: <MoreMemory /> }}
    >
      <IfAvailable limit="memory">
        <Field
          label="Memory"
          aside={hostBounds && `of ${formatBytesWithin(hostBounds.memory)}`}
          error={errorAt('memory')}
        >
          {(control) => (
            <NumberInput
              {...control}
              label="memory"
              value={limits.memory}
              {...range}
              parse={parseBytes}
              format={formatBytesExact}
              step={double}
              onChange={(memory) => set({ memory })}
            />
          )}
        </Field>
        <BelowUse />
      </IfAvailable>
      <IfAvailable limit="swap">
        <Field
          label="Swap"
          aside={
            guest.usage?.swap == null
              ? hostBounds && `of ${formatBytesWithin(hostBounds.swap)}`
              : `uses ${formatBytes(guest.usage.swap)}`
          }
          error={errorAt('swap')}
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
              step={by64}
              onChange={(swap) => set({ swap })}
            />
          )}
        </Field>
      </IfAvailable>
    </LimitGroup>
  );
}

/** Less than it uses now is allowed, and has a price. */
function BelowUse() {
  const { guest, draft } = useLimitsPage();
  const used = guest.usage?.memory ?? 0;
  if (!draft.keys.includes('memory') || !(draft.limits.memory < used)) return null;
  return (
    <p role="status" className="-mt-2 flex items-start gap-2 text-wait text-xs">
      <Icon name="warning" size={14} className="mt-px" />
      <span>
        It uses {formatBytes(used)}: the kernel takes {formatBytes(used - draft.limits.memory)} back first,
        and kills in it when that fails.
      </span>
    </p>
  );
}

function MoreMemory() {
  const { draft } = useLimitsPage();
  const { limits, set, errorAt } = draft;
  const bytes = { min: 0, max: limits.memory, parse: parseBytes, format: formatBytesExact, step: by64 };
  return (
    <>
      <IfAvailable limit="memoryHigh">
        <Field
          label="Slow down from"
          aside="high"
          hint="Above it the guest is slowed and reclaimed from, never killed. Empty: a little under the limit."
          error={errorAt('memoryHigh')}
        >
          {(control) => (
            <NullableNumber
              {...control}
              {...bytes}
              label="memory to slow down from"
              none="just under the limit"
              start={limits.memory}
              value={limits.memoryHigh}
              onChange={(memoryHigh) => set({ memoryHigh })}
            />
          )}
        </Field>
      </IfAvailable>
      <IfAvailable limit="memoryLow">
        <Field
          label="Spare"
          aside="low"
          hint="So much is not taken from it while other guests have more to give."
          error={errorAt('memoryLow')}
        >
          {(control) => (
            <NumberInput
              {...control}
              {...bytes}
              label="spared memory"
              value={limits.memoryLow}
              onChange={(memoryLow) => set({ memoryLow })}
            />
          )}
        </Field>
      </IfAvailable>
      <IfAvailable limit="outOfMemory">
        <Field
          label="When memory runs out"
          hint={OUT_OF_MEMORY.find(({ value }) => value === limits.outOfMemory)?.detail}
          error={errorAt('outOfMemory')}
        >
          {(control) => (
            <Select
              {...control}
              value={limits.outOfMemory}
              options={OUT_OF_MEMORY}
              onChange={(outOfMemory) => set({ outOfMemory })}
            />
          )}
        </Field>
      </IfAvailable>
    </>
  );
}
