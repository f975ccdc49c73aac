'use client';

import { useQuery } from '@tanstack/react-query';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { type ReactNode, useEffect } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { toApiError, useMay, useTRPC } from '../../_trpc/index.ts';
import {
  Button,
  ButtonLink,
  EmptyState,
  ErrorState,
  Page,
  PageHeader,
  RelativeTime,
  Skeleton,
  Tabs,
} from '../../_ui/index.ts';
import { useUndoTrash } from '../trash/index.ts';
import { GuestHeader } from './guest-header.tsx';
import { useGuest } from './use-guest.ts';

const TABS = [
  ['', 'Overview'],
  ['/terminal', 'Terminal'],
  ['/console', 'Console'],
  ['/recordings', 'Recordings'],
  ['/processes', 'Processes'],
  ['/limits', 'Limits'],
  ['/isolation', 'Isolation'],
  ['/configuration', 'Configuration'],
  ['/activity', 'Activity'],
] as const;

/** The frame of a guest's pages: who it is, what can be done to it, and the tabs. */
export function GuestLayout({ children }: { children: ReactNode }) {
  const { name, guest, error, retry } = useGuest();
  const router = useRouter();
  const pathname = usePathname();
  const isFollowing = useSearchParams().has('operation') && pathname.endsWith('/terminal');
  const base = `/guests/${encodeURIComponent(name)}`;

  // It was renamed, here or elsewhere: the address follows.
  const newName = guest && guest.name !== name ? guest.name : null;
  useEffect(() => {
    if (newName) router.replace(pathname.replace(base, `/guests/${encodeURIComponent(newName)}`));
  }, [newName, pathname, base, router]);

  const isMissing = error !== null && toApiError(error).code === 'not_found';
  // It was there: the last reading of it stays.
  const isGone = isMissing && guest !== null;
  if (isMissing && isFollowing) {
    // What was being made was undone, and with it the guest: its steps and the reason are what there is to see.
    return (
      <Page>
        <PageHeader title={name} summary="was not made" />
        <div className="flex min-h-0 flex-1 flex-col border-line border-t">{children}</div>
      </Page>
    );
  }
  if (isMissing) return <NoGuest name={name} last={isGone ? guest : null} onBack={retry} />;
  if (error && !guest) {
    return (
      <Page>
        <ErrorState title={`${name} could not be read`} message={toApiError(error).message} onRetry={retry} />
      </Page>
    );
  }
  return (
    <Page>
      {guest ? <GuestHeader guest={guest} /> : <HeaderSkeleton name={name} />}
      <Tabs label={`pages of ${name}`} items={TABS.map(([path, label]) => ({ href: base + path, label }))} />
      {/* What is placed absolutely in it (texts for screen readers) scrolls with it instead of lengthening the page. */}
      <div className="relative flex min-h-0 flex-1 flex-col overflow-y-auto">
        {guest && guest.elsewhere !== null && !ANYWHERE.has(pathname.slice(base.length)) ? (
          <Elsewhere guest={guest} address={guest.elsewhere} path={pathname} />
        ) : (
          children
        )}
      </div>
    </Page>
  );
}

/** Tabs whose page any host has: all else is in the kernel or the files of the guest's own. */
const ANYWHERE: ReadonlySet<string> = new Set(['', '/activity']);

function Elsewhere({ guest, address, path }: { guest: GuestView; address: string; path: string }) {
  return (
    <EmptyState
      title={`${guest.name} lives on host ${guest.host}`}
      action={
        address !== '' && (
          <ButtonLink href={`${address}${path}`} look="primary">
            Open it there
          </ButtonLink>
        )
      }
    >
      The console of that host has its terminals, processes and settings.
    </EmptyState>
  );
}

/** `last`: as it was when it was there; null: it never was, as far as this page knows. */
function NoGuest(props: { name: string; last: GuestView | null; onBack: () => void }) {
  const { name, last, onBack } = props;
  const trpc = useTRPC();
  const undo = useUndoTrash();
  const refusal = useMay();
  const trash = useQuery(trpc.trash.list.queryOptions()).data?.guests;
  const trashed = trash?.find((one) => (last ? one.id === last.id : one.name === name));
  if (trashed) {
    return (
      <Page>
        <EmptyState
          title={`${name} is in the trash`}
          action={
            trashed.nameTaken ? (
              <ButtonLink href="/trash" look="primary">
                To the trash
              </ButtonLink>
            ) : (
              <Button
                look="primary"
                icon="undo"
                disabledReason={refusal('guest.delete', trashed.id)}
                onClick={() => void undo([trashed]).then(onBack)}
              >
                Restore
              </Button>
            )
          }
        >
          {trashed.trashedBy} deleted it <RelativeTime at={trashed.trashedAt} />. It is gone for good{' '}
          <RelativeTime at={trashed.until} ahead />.
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page>
      <EmptyState
        title={last ? `${name} was deleted` : `There is no guest ${name}`}
        action={
          <ButtonLink href="/guests" look="primary">
            All guests
          </ButtonLink>
        }
      >
        {last
          ? 'It is gone, with everything that was written inside it.'
          : 'It may have been renamed or deleted, or the address is mistyped.'}
      </EmptyState>
    </Page>
  );
}

function HeaderSkeleton({ name }: { name: string }) {
  return (
    <div className="flex min-h-14 items-center gap-4 px-4 py-2 sm:px-6" aria-busy="true">
      <h1 className="truncate font-semibold text-xl">{name}</h1>
      <Skeleton className="w-20" />
    </div>
  );
}
