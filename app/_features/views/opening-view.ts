'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import type { DefaultsView } from '../../../server/view/schema.ts';
import { useTRPC } from '../../_trpc/index.ts';
import { viewHref } from './view-href.ts';

/** With which views the list of guests opens, for oneself and one's teams. */
export function useDefaults(): DefaultsView | undefined {
  const trpc = useTRPC();
  return useQuery(trpc.view.defaults.queryOptions()).data;
}

/**
 * Leads from the bare address of the list to the view that it opens with, where there is one. True while it is not known which, or on
 * the way there: nothing is to be shown yet.
 */
export function useOpeningView(): boolean {
  const trpc = useTRPC();
  const router = useRouter();
  const isBare = useSearchParams().size === 0;
  const defaults = useQuery(trpc.view.defaults.queryOptions(undefined, { enabled: isBare }));
  const views = useQuery(trpc.view.list.queryOptions());
  const id = defaults.data?.opening.view ?? null;
  const view = views.data?.find((one) => one.id === id);
  const href = isBare && view ? viewHref(view) : null;
  useEffect(() => {
    if (href) router.replace(href);
  }, [href, router]);
  if (!isBare) return false;
  // Without an answer all guests are shown, and so they are when the first try fails.
  const isAwaited = defaults.isPending && defaults.failureCount === 0;
  return href !== null || isAwaited || (id !== null && views.isPending);
}
