'use client';

import { Field, NumberInput } from '../../_ui/index.ts';
import { LimitChart } from './limit-chart.tsx';
import { IfAvailable, LimitGroup } from './limit-group.tsx';
import { useLimitsPage } from './limits-context.ts';
import { UsedOf } from './used-of.tsx';

const whole = (value: number) => (Number.isInteger(value) ? String(value) : '');

/** Processes and threads: at the limit fork fails, and the page says how often. */
export function PidsLimits() {
  const { guest, draft, history, lack } = useLimitsPage();
  const { limits, bounds, hostBounds, set, errorAt } = draft;
  const range = { min: 1, max: bounds.pids };
  return (
    <LimitGroup
      group="pids"
      title="Processes"
      chart={
        <LimitChart
          title="Processes"
          now={<UsedOf used={guest.usage?.pids ?? null} limit={guest.limits.pids} format={String} />}
          at={history.at}
          series={[{ name: 'Processes', values: history.pids, colour: '--accent' }]}
          format={whole}
          limits={
            lack('pids')
              ? []
              : [
                  {
                    name: 'processes limit',
                    unit: 'count',
                    value: limits.pids,
                    inForce: guest.limits.pids,
                    range,
                    format: String,
                    onChange: (pids) => pids !== null && set({ pids }),
                  },
                ]
          }
        />
      }
    >
      <IfAvailable limit="pids">
        <Field
          label="Processes and threads"
          aside={hostBounds && `at most ${hostBounds.pids.toLocaleString('en')}`}
          hint="At the limit fork fails in the guest; nothing is killed."
          error={errorAt('pids')}
        >
          {(control) => (
            <NumberInput
              {...control}
              label="processes"
              value={limits.pids}
              {...range}
              step={(value, direction) => value + direction * 64}
              onChange={(pids) => set({ pids })}
            />
          )}
        </Field>
      </IfAvailable>
    </LimitGroup>
  );
}
