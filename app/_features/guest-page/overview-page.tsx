'use client';

import type { ReactNode } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { cx, formatBytes, formatCores, Icon, RelativeTime, Skeleton, shellQuote } from '../../_ui/index.ts';
import { limiting } from './limiting.ts';
import { RecordSection } from './record-section.tsx';
import { UsageChart } from './usage-chart.tsx';
import { useGuest } from './use-guest.ts';
import { useUsageHistory } from './use-usage-history.ts';

/** What a guest is, what it uses beside what it may, and what holds it back now. */
export function OverviewPage() {
  const { guest } = useGuest();
  if (!guest) {
    return (
      <div className="grid gap-4 p-4 sm:p-6 lg:grid-cols-2" aria-busy="true">
        {['cpu', 'memory', 'pids', 'network'].map((name) => (
          <Skeleton key={name} className="h-44" />
        ))}
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-6 p-4 sm:p-6">
      <LimitingNow guest={guest} />
      <RecordSection key={guest.id} guest={guest} />
      <Charts guest={guest} />
      <Facts guest={guest} />
    </div>
  );
}

function LimitingNow({ guest }: { guest: GuestView }) {
  if (guest.state === 'stopped' || guest.state === 'failed') {
    return <p className="text-muted text-sm">It does not run: it uses no CPU, no memory and no process.</p>;
  }
  const found = limiting(guest);
  if (found.length === 0) {
    return <p className="text-muted text-sm">Nothing limits it now.</p>;
  }
  return (
    <ul aria-label="what limits it now" className="flex flex-col gap-1">
      {found.map(({ what, message }) => (
        <li key={what} className="flex items-start gap-2 text-sm text-wait">
          <Icon name={what === 'freezer' ? 'snow' : 'warning'} className="mt-0.5" />
          <span className="wrap-anywhere">Limited by {message}</span>
        </li>
      ))}
    </ul>
  );
}

function Charts({ guest }: { guest: GuestView }) {
  const { history } = useUsageHistory(guest);
  const { usage, limits } = guest;
  const rate = (value: number) => `${formatBytes(value)}/s`;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const of = (value: string | null, limit: string) => (
    <>
      <strong className="font-medium text-ink">{value ?? '–'}</strong> of {limit}
    </>
  );
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <UsageChart
        title="CPU"
        now={of(
          usage?.cpu == null ? null : formatCores(usage.cpu),
          `${formatCores(limits.cpu)} ${limits.cpu === 1 ? 'core' : 'cores'}`,
        )}
        at={history.at}
        series={[{ name: 'CPU', values: history.cpu, colour: '--accent' }]}
        limit={limits.cpu}
        format={formatCores}
        least={limits.cpu / 10}
      />
      <UsageChart
        title="Memory"
        now={of(usage ? formatBytes(usage.memory) : null, formatBytes(limits.memory))}
        at={history.at}
        series={[{ name: 'Memory', values: history.memory, colour: '--accent' }]}
        limit={limits.memory}
        format={formatBytes}
        bytes
      />
      <UsageChart
        title="Processes"
        now={of(usage ? String(usage.pids) : null, String(limits.pids))}
        at={history.at}
        series={[{ name: 'Processes', values: history.pids, colour: '--accent' }]}
        limit={limits.pids}
        format={(value) => (Number.isInteger(value) ? String(value) : '')}
      />
      <UsageChart
        title="Network"
        now={
          <>
            <Dot colour="bg-accent" /> in {usage?.networkReceive == null ? '–' : rate(usage.networkReceive)}{' '}
            <Dot colour="bg-cold" /> out {usage?.networkTransmit == null ? '–' : rate(usage.networkTransmit)}
          </>
        }
        at={history.at}
        series={[
          { name: 'in', values: history.networkReceive, colour: '--accent' },
          { name: 'out', values: history.networkTransmit, colour: '--cold' },
        ]}
        format={rate}
        bytes
      />
      <UsageChart
        title="Disk"
        now={
          <>
            <Dot colour="bg-accent" /> read {usage?.ioRead == null ? '–' : rate(usage.ioRead)}{' '}
            <Dot colour="bg-cold" /> write {usage?.ioWrite == null ? '–' : rate(usage.ioWrite)}
          </>
        }
        at={history.at}
        series={[
          { name: 'read', values: history.ioRead, colour: '--accent' },
          { name: 'write', values: history.ioWrite, colour: '--cold' },
        ]}
        format={rate}
        bytes
      />
      <UsageChart
        title="Held back by the CPU limit"
        now={usage?.throttled == null ? '–' : `${percent(usage.throttled)} of the time`}
        at={history.at}
        series={[{ name: 'held back', values: history.throttled, colour: '--wait' }]}
        format={percent}
        least={0.1}
      />
    </div>
  );
}

function Dot({ colour }: { colour: string }) {
  return <span aria-hidden="true" className={cx('ml-1 inline-block size-2 rounded-full', colour)} />;
}

function Facts({ guest }: { guest: GuestView }) {
  const { exit, addresses } = guest;
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1.5 text-sm lg:grid-cols-[max-content_1fr_max-content_1fr]">
      <Fact name="Kind">{guest.kind}</Fact>
      <Fact name="Image">{guest.image}</Fact>
      <Fact name="Init pid" mono>
        {guest.initPid ?? 'none: it does not run'}
      </Fact>
      <Fact name="Host ids" mono>
        {`${guest.idBase}–${guest.idBase + 65_535}`}
      </Fact>
      <Fact name="IPv4" mono>
        {addresses.ipv4 ?? 'none'}
      </Fact>
      <Fact name="IPv6" mono>
        {addresses.ipv6 ?? 'none'}
      </Fact>
      <Fact name="MAC" mono>
        {addresses.mac ?? 'none'}
      </Fact>
      <Fact name="Command" mono>
        {guest.command.length > 0 ? guest.command.map(shellQuote).join(' ') : 'the image’s own'}
      </Fact>
      <Fact name="Swap">{`${formatBytes(guest.usage?.swap ?? 0)} of ${formatBytes(guest.limits.swap)}`}</Fact>
      <Fact name="CPU since start">{`${((guest.usage?.cpuTotalMicros ?? 0) / 1e6).toFixed(1)} s`}</Fact>
      <Fact name="Created">
        <RelativeTime at={guest.createdAt} /> by {guest.createdBy}
      </Fact>
      <Fact name="Last start">{guest.startedAt ? <RelativeTime at={guest.startedAt} /> : 'never'}</Fact>
      <Fact name="Last exit">
        {exit ? (
          <>
            {exit.signal ? `by ${exit.signal}` : `status ${exit.status}`}
            {exit.outOfMemory && ', out of memory'} <RelativeTime at={exit.at} />
          </>
        ) : (
          'none'
        )}
      </Fact>
    </dl>
  );
}

function Fact({ name, mono, children }: { name: string; mono?: boolean; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className={cx('wrap-anywhere min-w-0', mono && 'font-mono')}>{children}</dd>
    </>
  );
}
