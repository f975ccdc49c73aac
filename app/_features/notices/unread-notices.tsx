'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTRPC } from '../../_trpc/index.ts';
import { Icon, plural } from '../../_ui/index.ts';

/** How many notices one has not read, and the way to them; nothing while there are none. */
export function UnreadNotices() {
  const trpc = useTRPC();
  const unread = useQuery(trpc.notice.list.queryOptions({})).data?.unread ?? 0;
  return (
    <div aria-live="polite">
      {unread > 0 && (
        <Link href="/notices" className="flex h-8 items-center gap-2 rounded-md px-2 text-sm hover:bg-hover">
          <Icon name="bell" />
          <span className="sr-only">{plural(unread, 'unread notice')}</span>
          <span aria-hidden="true" className="rounded-full bg-accent px-1.5 text-on-accent text-xs">
            {unread > 99 ? '99+' : unread}
          </span>
        </Link>
      )}
    </div>
  );
}
