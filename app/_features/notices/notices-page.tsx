'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { NoticeList } from '../../../server/notice/schema.ts';
import { toApiError, useMay, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Page, PageHeader, PlainList } from '../../_ui/index.ts';
import { ChannelSection } from './channel-section.tsx';
import { NoticeRow } from './notice-row.tsx';

const MOST = 200;

/** What has happened that somebody may want to know, and where else it is told. */
export function NoticesPage() {
  const trpc = useTRPC();
  const list = useQuery(trpc.notice.list.queryOptions({ limit: MOST }, { refetchOnMount: 'always' }));
  const refusal = useMay()('notice.manage');
  const notices = list.data?.notices;
  const isNew = useRead(list.data);
  const gone = goneIn(notices ?? []);
  return (
    <Page>
      <PageHeader title="Notices" summary={notices?.length === MOST ? `the newest ${MOST}` : undefined} />
      <PlainList
        what="notices"
        rows={
          notices?.map((notice) => (
            <NoticeRow
              key={notice.id}
              notice={notice}
              isNew={isNew(notice.id)}
              isGone={notice.guest !== null && gone.has(notice.guest.id)}
            />
          )) ?? null
        }
        error={list.error && toApiError(list.error).message}
        onRetry={() => void list.refetch()}
        empty={{
          title: 'No notices',
          text: 'Guests that fail or run out of memory, and operations that fail, are told here.',
        }}
      />
      {refusal === null && <ChannelSection />}
    </Page>
  );
}

/** Ids of the guests that the newest of what is told about their coming and going says are gone. Newest first. Pure. */
function goneIn(notices: NoticeList['notices']): ReadonlySet<string> {
  const isGone = new Map<string, boolean>();
  for (const { kind, guest } of notices)
    if (guest && (kind === 'guest.deleted' || kind === 'guest.created') && !isGone.has(guest.id))
      isGone.set(guest.id, kind === 'guest.deleted');
  return new Set([...isGone].flatMap(([id, is]) => (is ? [id] : [])));
}

/** What is on show counts as read; what was new when it came stays marked until the page is left. */
function useRead(list: NoticeList | undefined): (id: string) => boolean {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [since, setSince] = useState<string | null>(null);
  const newest = list?.notices[0]?.id;
  const readUpTo = list?.readUpTo;
  useEffect(() => {
    if (newest === undefined || readUpTo === undefined || document.visibilityState !== 'visible') return;
    setSince((before) => before ?? readUpTo);
    if (!isLater(newest, readUpTo)) return;
    api.notice.seen
      .mutate({ upTo: newest })
      .then(() => queries.invalidateQueries({ queryKey: trpc.notice.list.queryKey() }))
      // They are new the next time too.
      .catch(() => undefined);
  }, [api, queries, trpc, newest, readUpTo]);
  return (id) => since !== null && isLater(id, since);
}

const isLater = (id: string, than: string) => BigInt(id) > BigInt(than);
