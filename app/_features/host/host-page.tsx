'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { HostView } from '../../../server/host/schema.ts';
import { toApiError, useTRPC } from '../../_trpc/index.ts';
import {
  ErrorState,
  formatBytes,
  formatCores,
  formatRelative,
  IconButton,
  Page,
  PageHeader,
  Skeleton,
} from '../../_ui/index.ts';
import { BackupSection } from './backup-section.tsx';
import { DoctorSection } from './doctor-section.tsx';
import { HostCheckSection } from './host-check-section.tsx';

/** What this host is, what it has, and what it can do; where something is missing, why. */
export function HostPage() {
  const trpc = useTRPC();
  const info = useQuery(trpc.host.info.queryOptions());
  const host = info.data;
  return (
    <Page>
      <PageHeader
        title={host?.hostname ?? 'Host'}
        summary={host && `${host.distribution} · Linux ${host.kernel} · ${host.architecture}`}
        actions={
          <IconButton
            icon="restart"
            label="Read again"
            busy={info.isFetching}
            onClick={() => void info.refetch()}
          />
        }
      />
      {host ? (
        <Host host={host} />
      ) : info.error ? (
        <ErrorState
          title="The host cannot be read"
          message={toApiError(info.error).message}
          onRetry={() => void info.refetch()}
        />
      ) : (
        <div role="status" aria-label="reading the host" className="flex max-w-2xl flex-col gap-5 px-6 py-6">
          <Skeleton />
          <Skeleton />
          <Skeleton />
        </div>
      )}
    </Page>
  );
}

function Host({ host }: { host: HostView }) {
  const { storage, cgroup, network } = host;
  const upSince = Date.now() - host.uptimeSeconds * 1000;
  return (
    <div className="grid max-w-6xl gap-x-12 gap-y-8 px-4 pb-8 sm:px-6 lg:grid-cols-2">
      <div className="flex flex-col gap-8">
        <Section title="Resources">
          <Fact name="CPU">
            {host.cpus} cores, load {host.load.map((each) => formatCores(each)).join(' ')}
          </Fact>
          <Fact name="Memory" used={1 - host.memoryAvailable / host.memory}>
            {formatBytes(host.memoryAvailable)} of {formatBytes(host.memory)} available
          </Fact>
          <Fact name="Swap">{host.swap > 0 ? formatBytes(host.swap) : 'none'}</Fact>
          <Fact name="Storage" used={1 - storage.free / storage.size}>
            {formatBytes(storage.free)} of {formatBytes(storage.size)} free in{' '}
            <code className="text-xs">{storage.path}</code>
          </Fact>
          <Fact name="Up for">{formatRelative(upSince, Date.now())}</Fact>
          <Fact name="Berth">{host.version}</Fact>
        </Section>
        <Section title="Network of the guests">
          <Fact name="Bridge">
            <code className="text-xs">{network.bridge}</code>
          </Fact>
          <Fact name="IPv4">
            <code className="text-xs">{network.ipv4}</code>
          </Fact>
          <Fact name="IPv6">
            <code className="text-xs">{network.ipv6}</code>
          </Fact>
          <Fact name="DNS">{network.dns ? 'answers' : 'does not run'}</Fact>
        </Section>
        <Section title={`Controllers, cgroup ${cgroup.layout}`}>
          {Object.entries(cgroup.controllers).map(([name, version]) => (
            <Fact key={name} name={name}>
              {version ?? <span className="text-bad">missing</span>}
            </Fact>
          ))}
        </Section>
      </div>
      <div className="flex min-w-0 flex-col gap-8">
        <BackupSection />
        <DoctorSection />
        <HostCheckSection />
      </div>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="mb-2 font-semibold">{title}</h2>
      <dl className="border-line border-t text-sm">{children}</dl>
    </section>
  );
}

/** `used` is 0 to 1: a bar says at a glance what the words say exactly. */
function Fact({ name, used, children }: { name: string; used?: number; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[96px_1fr] items-center gap-4 border-line border-b py-2">
      <dt className="truncate text-muted">{name}</dt>
      <dd className="wrap-anywhere flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
        {used !== undefined && (
          <svg aria-hidden="true" width={72} height={6} className="shrink-0">
            <rect width={72} height={6} rx={3} className="fill-line" />
            <rect
              width={Math.max(3, 72 * Math.min(1, used))}
              height={6}
              rx={3}
              className={used > 0.9 ? 'fill-bad' : 'fill-muted'}
            />
          </svg>
        )}
        <span className="min-w-0">{children}</span>
      </dd>
    </div>
  );
}
