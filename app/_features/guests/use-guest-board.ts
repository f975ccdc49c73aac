'use client';

import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { GuestPage } from '../../../server/guest/search-schema.ts';
import { useTRPC } from '../../_trpc/index.ts';
import { BOARD_PART, layBoard, partsFor, type SeenRange } from './lay-board.ts';
import { FORGET_AFTER, type GuestSearch, isByUsage, USAGE_EVERY } from './use-guest-search.ts';

const dataOf = (results: { data: GuestPage | undefined }[]) => results.map(({ data }) => data);

/** The guests that a search finds as columns: those parts that are seen of each, kept true by the event stream. */
export function useGuestBoard(search: GuestSearch) {
  const trpc = useTRPC();
  const [seen, setSeen] = useState<ReadonlyMap<string, SeenRange>>(new Map());
  const options = (part: number) =>
    trpc.guest.search.queryOptions(
      { ...search, offset: part * BOARD_PART, limit: BOARD_PART },
      { gcTime: FORGET_AFTER, refetchInterval: isByUsage(search) ? USAGE_EVERY : false },
    );
  const head = useQuery({ ...options(0), placeholderData: keepPreviousData });
  const page = head.data;
  const numbers = partsFor(head.isPlaceholderData ? undefined : page, seen).slice(1);
  const others = useQueries({ queries: numbers.map(options), combine: dataOf });
  const columns = useMemo(
    () => page && layBoard(page, head.isPlaceholderData ? [page] : [page, ...others]),
    [page, others, head.isPlaceholderData],
  );
  /** Told what is seen of a column; null: it is out of sight. */
  const onSeen = useCallback((key: string, range: SeenRange | null) => {
    setSeen((before) => {
      const known = before.get(key);
      if (range ? known?.first === range.first && known.last === range.last : !known) return before;
      const next = new Map(before);
      if (range) next.set(key, range);
      else next.delete(key);
      return next;
    });
  }, []);
  return { page, columns, onSeen, error: head.error, retry: () => void head.refetch() };
}
