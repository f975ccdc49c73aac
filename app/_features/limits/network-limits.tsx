'use client';

import { Field, formatBytes, Icon, parseBytes, Select } from '../../_ui/index.ts';
import { LimitChart } from './limit-chart.tsx';
import { IfAvailable, LimitGroup } from './limit-group.tsx';
import type { ChartLimit } from './limit-handle.tsx';
import { formatRate } from './limit-text.ts';
import { useLimitsPage } from './limits-context.ts';
import { NullableNumber } from './nullable-number.tsx';

const MIB = 1024 ** 2;
/** More than any link is; the server has no bound. */
const MOST = 128 * 1024 ** 3;
const RANGE = { min: 1024, max: MOST };
export const parseRate = (text: string) => parseBytes(text.replace(/\/s\s*$/i, ''));
const rate = (value: number) => `${formatBytes(value)}/s`;

/** Rates from and to the network, and who goes first. */
export function NetworkLimits() {
  const { guest, draft, history, lack } = useLimitsPage();
  const { limits, set } = draft;
  const { usage } = guest;
  const chartLimits: (ChartLimit & { key: 'networkReceive' | 'networkTransmit' })[] = [
    {
      key: 'networkReceive',
      name: 'receive rate limit',
      unit: 'rate',
      value: limits.networkReceive,
      inForce: guest.limits.networkReceive,
      range: RANGE,
      nullable: true,
      format: formatRate,
      tone: 'accent',
      onChange: (networkReceive) => set({ networkReceive }),
    },
    {
      key: 'networkTransmit',
      name: 'send rate limit',
      unit: 'rate',
      value: limits.networkTransmit,
      inForce: guest.limits.networkTransmit,
      range: RANGE,
      nullable: true,
      format: formatRate,
      tone: 'cold',
      onChange: (networkTransmit) => set({ networkTransmit }),
    },
  ];
  return (
    <LimitGroup
      group="network"
      title="Network"
      chart={
        <LimitChart
          title="Network"
          now={
            <>
              <Dot tone="accent" /> in {usage?.networkReceive == null ? '–' : rate(usage.networkReceive)}{' '}
              <Dot tone="cold" /> out {usage?.networkTransmit == null ? '–' : rate(usage.networkTransmit)}
            </>
          }
          at={history.at}
          series={[
            { name: 'in', values: history.networkReceive, colour: '--accent' },
            { name: 'out', values: history.networkTransmit, colour: '--cold' },
          ]}
          format={rate}
          bytes
          limits={chartLimits.filter(({ key }) => lack(key) === null)}
        />
      }
      more={{ summary: 'Priority', fields: <Priority /> }}
    >
      <RateField limit="networkReceive" label="Receive, a second" name="receive rate" />
      <RateField limit="networkTransmit" label="Send, a second" name="send rate" />
    </LimitGroup>
  );
}

function RateField(props: { limit: 'networkReceive' | 'networkTransmit'; label: string; name: string }) {
  const { limit, label, name } = props;
  const { limits, set, errorAt } = useLimitsPage().draft;
  return (
    <IfAvailable limit={limit}>
      <Field label={label} aside="empty: unlimited" error={errorAt(limit)}>
        {(control) => (
          <NullableNumber
            {...control}
            {...RANGE}
            label={name}
            none="unlimited"
            start={10 * MIB}
            value={limits[limit]}
            parse={parseRate}
            format={formatRate}
            step={(value, direction) => (direction > 0 ? value * 2 : value / 2)}
            onChange={(value) => set({ [limit]: value })}
          />
        )}
      </Field>
    </IfAvailable>
  );
}

const PRIORITIES = ['none', '0', '1', '2', '3', '4', '5', '6', '7'] as const;

function Priority() {
  const { limits, set, errorAt } = useLimitsPage().draft;
  return (
    <IfAvailable limit="networkPriority">
      <Field
        label="Priority"
        hint="Of what it sends, where the host's queues know priorities: 7 goes first."
        error={errorAt('networkPriority')}
      >
        {(control) => (
          <Select
            {...control}
            value={PRIORITIES.find((each) => each === String(limits.networkPriority)) ?? 'none'}
            options={PRIORITIES.map((value) => ({
              value,
              label: value === 'none' ? 'the host’s own' : value,
            }))}
            onChange={(value) => set({ networkPriority: value === 'none' ? null : Number(value) })}
          />
        )}
      </Field>
    </IfAvailable>
  );
}

/** Which curve is meant. */
export function Dot({ tone }: { tone: 'accent' | 'cold' }) {
  return (
    <Icon name="dot" size={12} className={`inline ${tone === 'accent' ? 'text-accent' : 'text-cold'}`} />
  );
}
