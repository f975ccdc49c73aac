'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import type { SavedView } from '../../../server/view/schema.ts';
import { useTRPC } from '../../_trpc/index.ts';
import { cx, Icon } from '../../_ui/index.ts';
import { isSameView, partsOf, viewHref } from './view-href.ts';

const NO_VIEWS: SavedView[] = [];

/** The views of the side bar: one's own and those of the team. */
export function usePinnedViews(): SavedView[] {
  const trpc = useTRPC();
  const views = useQuery(trpc.view.list.queryOptions()).data ?? NO_VIEWS;
  return views.filter(({ pinned }) => pinned);
}

/** Pinned views with how many guests each finds. */
export function PinnedViews() {
  const views = usePinnedViews();
  const path = usePathname();
  const params = useSearchParams();
  const here = partsOf((key) => params.get(key));
  if (views.length === 0) return null;
  return (
    <ul aria-label="Views" className="flex min-h-0 flex-col gap-0.5 overflow-y-auto pl-4 max-lg:hidden">
      {views.map((view) => {
        const active = path === '/guests' && isSameView(view, here);
        return (
          <li key={view.id}>
            <Link
              href={viewHref(view)}
              title={view.team ? `${view.name}, a view of ${view.owner} for everybody` : view.name}
              aria-current={active ? 'page' : undefined}
              className={cx(
                'flex h-8 items-center gap-2 rounded-md px-3 text-sm',
                active ? 'bg-selected font-medium text-ink' : 'text-muted hover:bg-hover hover:text-ink',
              )}
            >
              {view.team && <Icon name="user" size={12} label="for everybody" />}
              <span className="min-w-0 flex-1 truncate">{view.name}</span>
              <span className="font-normal text-xs">{view.count}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
