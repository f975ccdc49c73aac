'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import type { SavedView } from '../../../server/view/schema.ts';
import { useTRPC } from '../../_trpc/index.ts';
import { cx, Icon } from '../../_ui/index.ts';
import { useDefaults } from './opening-view.ts';
import { ALL_GUESTS, isPlainView, isSameView, partsOf, viewHref } from './view-href.ts';

const NO_VIEWS: SavedView[] = [];

/** The views of the side bar: one's own and those of the team. */
export function usePinnedViews(): SavedView[] {
  const trpc = useTRPC();
  const views = useQuery(trpc.view.list.queryOptions()).data ?? NO_VIEWS;
  return views.filter(({ pinned }) => pinned);
}

function linkClass(active: boolean): string {
  return cx(
    'flex h-8 items-center gap-2 rounded-md px-3 text-sm',
    active ? 'bg-selected font-medium text-ink' : 'text-muted hover:bg-hover hover:text-ink',
  );
}

/** Pinned views with how many guests each finds. */
export function PinnedViews() {
  const views = usePinnedViews();
  const path = usePathname();
  const params = useSearchParams();
  const here = partsOf((key) => params.get(key));
  // Where the list opens with a view, all guests are a place of their own.
  const hasOpening = useDefaults()?.opening.view != null;
  const isAll = path === '/guests' && params.get('view') === 'all' && isPlainView(here);
  if (views.length === 0 && !hasOpening) return null;
  return (
    <ul aria-label="Views" className="flex min-h-0 flex-col gap-0.5 overflow-y-auto pl-4 max-lg:hidden">
      {hasOpening && (
        <li>
          <Link href={ALL_GUESTS} aria-current={isAll ? 'page' : undefined} className={linkClass(isAll)}>
            All guests
          </Link>
        </li>
      )}
      {views.map((view) => {
        const active = path === '/guests' && isSameView(view, here);
        return (
          <li key={view.id}>
            <Link
              href={viewHref(view)}
              title={view.team ? `${view.name}, a view of ${view.owner} for everybody` : view.name}
              aria-current={active ? 'page' : undefined}
              className={linkClass(active)}
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
