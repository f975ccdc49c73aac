'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { GuestState } from '../../../server/guest/state.ts';
import type { IsolationView } from '../../../server/isolation/schema.ts';
import {
  Button,
  ButtonLink,
  CopyButton,
  EquivalentCommands,
  ErrorState,
  Icon,
  IconButton,
  RelativeTime,
  Skeleton,
} from '../../_ui/index.ts';
import { useGuest } from '../guest-page/index.ts';
import { compareHref } from '../guests/index.ts';
import { CapabilitySection } from './capability-section.tsx';
import { CgroupSection } from './cgroup-section.tsx';
import { DifferencesSection } from './differences-section.tsx';
import { GuestPicker } from './guest-picker.tsx';
import { IdMapSection } from './id-map-section.tsx';
import { MountSection } from './mount-section.tsx';
import { NamespaceSection } from './namespace-section.tsx';
import { ProbeSection } from './probe-section.tsx';
import { useIsolation } from './use-isolation.ts';
import { DeviceSection, RlimitSection, SysctlSection, WallSection } from './wall-section.tsx';

/** The Isolation tab: how a guest is separated, as the kernel says. */
export function IsolationPage() {
  const { guest } = useGuest();
  return guest ? (
    <Isolation key={guest.id} name={guest.name} state={guest.state} pending={guest.pendingRestart} />
  ) : (
    <Skeleton className="m-6 h-48" />
  );
}

function Isolation(props: { name: string; state: GuestState; pending: readonly string[] }) {
  const { name, state, pending } = props;
  const router = useRouter();
  const { view, error, isReading, readAgain } = useIsolation(name);
  const [isPicking, setPicking] = useState(false);
  if (!view) {
    return error ? (
      <ErrorState title="Its isolation cannot be read" message={error} onRetry={readAgain} />
    ) : (
      <div role="status" aria-label="reading the isolation" className="flex flex-col gap-6 p-6">
        <Skeleton className="h-24" />
        <Skeleton className="h-48" />
      </div>
    );
  }
  return (
    <div className="flex max-w-7xl flex-col gap-8 px-4 py-4 sm:px-6">
      <div className="flex flex-wrap items-center gap-2">
        <span role="status" className="mr-auto text-muted text-sm max-sm:basis-full">
          {view.live ? (
            <>
              Read from the kernel <RelativeTime at={view.live.readAt} />, init is process {view.live.initPid}{' '}
              of the host
            </>
          ) : (
            'It does not run'
          )}
        </span>
        <Button icon="columns" onClick={() => setPicking(true)}>
          Compare…
        </Button>
        <ButtonLink
          href={`/guests/${encodeURIComponent(name)}/configuration#isolation.namespaces`}
          icon="pencil"
        >
          Change
        </ButtonLink>
        <CopyButton text={JSON.stringify(view, null, 2)} label="Copy as JSON" />
        <IconButton icon="restart" label="Read again" busy={isReading} onClick={readAgain} />
      </div>
      {error && (
        <p role="alert" className="flex items-start gap-1.5 text-bad text-sm">
          <Icon name="warning" size={14} className="mt-0.75" />
          It could not be read again: {error}
        </p>
      )}
      <DifferencesSection view={view} pending={pending} />
      <ProbeSection id={view.guest.id} name={name} state={state} />
      {view.live ? <Live view={view} live={view.live} /> : <NotRunning />}
      <EquivalentCommands
        cli={`berth guest isolation ${name}`}
        api={{ procedure: 'isolation.view', input: { guest: name } }}
      />
      {isPicking && (
        <GuestPicker
          title={`Compare ${name} with`}
          without={name}
          onClose={() => setPicking(false)}
          onPick={(other) => router.push(compareHref(name, other))}
        />
      )}
    </div>
  );
}

function Live({ view, live }: { view: IsolationView; live: NonNullable<IsolationView['live']> }) {
  const guest = view.guest.name;
  return (
    <>
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-2">
        <NamespaceSection live={live} />
        <div className="flex min-w-0 flex-col gap-8">
          <IdMapSection live={live} />
          <WallSection view={view} live={live} />
        </div>
      </div>
      <CapabilitySection view={view} live={live} />
      <MountSection live={live} guest={guest} />
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-2">
        <DeviceSection live={live} guest={guest} />
        <CgroupSection live={live} guest={view.guest} />
        <RlimitSection live={live} />
        <SysctlSection live={live} guest={guest} />
      </div>
    </>
  );
}

function NotRunning() {
  return (
    <p className="flex items-start gap-2 rounded-md bg-sunken px-3 py-2 text-muted text-sm">
      <Icon name="info" className="mt-0.5" />
      The kernel tells namespaces, ids, capabilities, mounts and devices of a running guest only. Above is
      what its settings make different at the next start.
    </p>
  );
}
