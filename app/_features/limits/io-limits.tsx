'use client';

import { useState } from 'react';
import type { IoLimit } from '../../../server/guest/limits-schema.ts';
import { Button, Field, formatBytes, IconButton, Select, TextInput } from '../../_ui/index.ts';
import { LimitChart } from './limit-chart.tsx';
import { IfAvailable, LimitGroup } from './limit-group.tsx';
import type { ChartLimit } from './limit-handle.tsx';
import { formatRate } from './limit-text.ts';
import { useLimitsPage } from './limits-context.ts';
import { Dot, parseRate } from './network-limits.tsx';
import { NullableNumber } from './nullable-number.tsx';

const MIB = 1024 ** 2;
const RANGE = { min: 4096, max: 128 * 1024 ** 3 };
const rate = (value: number) => `${formatBytes(value)}/s`;

/** Rates of each disk, and a share where guests compete for it. */
export function IoLimits() {
  const { guest, draft, history, host } = useLimitsPage();
  const { limits, set } = draft;
  const [chosen, setChosen] = useState(0);
  const { usage } = guest;
  const index = Math.min(chosen, limits.io.length - 1);
  const shown = limits.io[index];
  const change = (at: number, over: Partial<IoLimit>) =>
    set({ io: limits.io.map((one, each) => (each === at ? { ...one, ...over } : one)) });
  const nodeOf = (device: string) => {
    const disk = host?.disks.find((one) => one.device === device || one.node === device);
    return disk ? disk.node.replace('/dev/', '') : device;
  };
  const handle = (which: 'readBytes' | 'writeBytes'): ChartLimit[] =>
    shown
      ? [
          {
            name: `${which === 'readBytes' ? 'read' : 'write'} rate limit of ${nodeOf(shown.device)}`,
            unit: 'rate',
            value: shown[which],
            inForce: guest.limits.io.find(({ device }) => device === shown.device)?.[which] ?? null,
            range: RANGE,
            nullable: true,
            format: formatRate,
            tone: which === 'readBytes' ? 'accent' : 'cold',
            onChange: (value) => change(index, { [which]: value }),
          },
        ]
      : [];
  return (
    <LimitGroup
      group="io"
      title="Disk"
      chart={
        <LimitChart
          title="Disk"
          now={
            <>
              <Dot tone="accent" /> read {usage?.ioRead == null ? '–' : rate(usage.ioRead)}{' '}
              <Dot tone="cold" /> write {usage?.ioWrite == null ? '–' : rate(usage.ioWrite)}
            </>
          }
          at={history.at}
          series={[
            { name: 'read', values: history.ioRead, colour: '--accent' },
            { name: 'write', values: history.ioWrite, colour: '--cold' },
          ]}
          format={rate}
          bytes
          limits={[...handle('readBytes'), ...handle('writeBytes')]}
        />
      }
      more={{ summary: 'Weight', fields: <IoWeight /> }}
    >
      <IfAvailable limit="io">
        {limits.io.map((one, at) => (
          <DiskFields
            key={one.device}
            limit={one}
            at={at}
            name={nodeOf(one.device)}
            onChange={(over) => {
              setChosen(at);
              change(at, over);
            }}
            onRemove={() => set({ io: limits.io.filter((_, each) => each !== at) })}
          />
        ))}
        <AddDisk
          taken={limits.io.flatMap(({ device }) => [device, nodeOf(device)])}
          onAdd={(device) => {
            setChosen(limits.io.length);
            set({
              io: [
                ...limits.io,
                { device, readBytes: null, writeBytes: null, readOps: null, writeOps: null },
              ],
            });
          }}
        />
      </IfAvailable>
    </LimitGroup>
  );
}

const RATES = [
  { key: 'readBytes', label: 'Read', start: 10 * MIB },
  { key: 'writeBytes', label: 'Write', start: 10 * MIB },
  { key: 'readOps', label: 'Reads', start: 1000 },
  { key: 'writeOps', label: 'Writes', start: 1000 },
] as const;

function DiskFields(props: {
  limit: IoLimit;
  at: number;
  name: string;
  onChange: (over: Partial<IoLimit>) => void;
  onRemove: () => void;
}) {
  const { limit, at, name, onChange, onRemove } = props;
  const { errorAt } = useLimitsPage().draft;
  const problem = errorAt(`io.${at}.device`);
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="sr-only">{`rates of ${name}`}</legend>
      <div className="flex items-center justify-between gap-2 text-sm">
        <span className="truncate font-medium font-mono">{name}</span>
        <IconButton icon="trash" label={`Take the limits of ${name} away`} onClick={onRemove} />
      </div>
      {problem && (
        <p role="alert" className="wrap-anywhere text-bad text-sm">
          {problem}
        </p>
      )}
      <div className="grid gap-x-3 gap-y-2 sm:max-lg:grid-cols-2">
        {RATES.map(({ key, label, start }) => (
          <Field
            key={key}
            label={label}
            aside={key.endsWith('Ops') ? 'ops/s' : 'bytes/s'}
            error={errorAt(`io.${at}.${key}`)}
          >
            {(control) => (
              <NullableNumber
                {...control}
                label={`${label.toLowerCase()} of ${name}`}
                none="unlimited"
                start={start}
                min={1}
                max={RANGE.max}
                value={limit[key]}
                {...(key.endsWith('Ops') ? {} : { parse: parseRate, format: formatRate })}
                step={(value, direction) => Math.max(1, direction > 0 ? value * 2 : Math.round(value / 2))}
                onChange={(value) => onChange({ [key]: value })}
              />
            )}
          </Field>
        ))}
      </div>
    </fieldset>
  );
}

const OTHER = 'other';

/** A disk of the host, or one that is named by hand. */
function AddDisk({ taken, onAdd }: { taken: readonly string[]; onAdd: (device: string) => void }) {
  const { host } = useLimitsPage();
  const disks = (host?.disks ?? []).filter(({ node }) => !taken.includes(node.replace('/dev/', '')));
  const [chosen, setChosen] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const picked = chosen ?? disks[0]?.device ?? OTHER;
  const device = picked === OTHER ? typed.trim() : picked;
  return (
    <Field label="Limit a disk" hint="Rates are set disk by disk; a partition counts to its disk.">
      {(control) => (
        <div className="flex flex-wrap gap-2">
          <Select
            {...control}
            className="min-w-0 flex-1"
            value={picked}
            options={[
              ...disks.map((disk) => ({
                value: disk.device,
                label: disk.node.replace('/dev/', ''),
                detail: `${formatBytes(disk.size)}, ${disk.device}`,
              })),
              { value: OTHER, label: 'Another…', detail: 'by /dev/NAME or MAJOR:MINOR' },
            ]}
            onChange={setChosen}
          />
          <Button
            icon="plus"
            disabledReason={
              device === ''
                ? 'name a disk first'
                : taken.includes(device)
                  ? `${device} has limits already`
                  : null
            }
            onClick={() => {
              onAdd(device);
              setChosen(null);
              setTyped('');
            }}
          >
            Add
          </Button>
          {picked === OTHER && (
            <TextInput
              mono
              aria-label="disk"
              placeholder="/dev/sdb or 8:16"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          )}
        </div>
      )}
    </Field>
  );
}

function IoWeight() {
  const { limits, set, errorAt } = useLimitsPage().draft;
  return (
    <IfAvailable limit="ioWeight">
      <Field
        label="Weight"
        aside="usually 100"
        hint="Its share where guests compete for a disk. Empty leaves it alone."
        error={errorAt('ioWeight')}
      >
        {(control) => (
          <NullableNumber
            {...control}
            label="IO weight"
            none="the host’s own"
            start={100}
            min={1}
            max={10_000}
            value={limits.ioWeight}
            step={(value, direction) => value + direction * 10}
            onChange={(ioWeight) => set({ ioWeight })}
          />
        )}
      </Field>
    </IfAvailable>
  );
}
