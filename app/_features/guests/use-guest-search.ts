'use client';

import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { parseQuery } from '../../../server/guest/query-schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import type { GuestPage } from '../../../server/guest/search-schema.ts';
import { useTRPC } from '../../_trpc/index.ts';

/** Which guests, in which order, put together by what. */
export interface GuestSearch {
  q: string;
  sort: string;
  group: string;
}

/** Rows of one answer: what a screen shows, and a little more. */
const PART = 60;
/** ms. Where the order or the choice is by what is used, it changes by itself. */
export const USAGE_EVERY = 2000;
/** ms that an answer is kept once nothing shows it. */
export const FORGET_AFTER = 10_000;

/** A table's rows in their places, and where its groups begin. */
export interface Laid {
  rows: (GuestView | null)[];
  headings: Map<number, { key: string; count: number }>;
}

const dataOf = (results: { data: GuestPage | undefined }[]) => results.map(({ data }) => data);

/** Rows before an index that are heads of groups. */
function headingsBefore(groups: GuestPage['groups'], index: number): number {
  let at = 0;
  for (const [number, { count }] of groups.entries()) {
    if (at >= index) return number;
    at += count + 1;
  }
  return groups.length;
}

/** Where each known row stands; the others are null. Pure. */
export function layOut(head: GuestPage, parts: readonly (GuestPage | undefined)[]): Laid {
  const entries: (GuestView | null)[] = new Array(head.entries).fill(null);
  for (const part of parts) {
    part?.rows.forEach((row, index) => {
      if (part.offset + index < entries.length) entries[part.offset + index] = row;
    });
  }
  if (head.groups.length === 0) return { rows: entries, headings: new Map() };
  const rows: Laid['rows'] = [];
  const headings: Laid['headings'] = new Map();
  let from = 0;
  for (const group of head.groups) {
    headings.set(rows.length, group);
    rows.push(null, ...entries.slice(from, from + group.count));
    from += group.count;
  }
  return { rows, headings };
}

/** Whether what a search finds, or its order, is by what is used. Pure. */
export function isByUsage({ q, sort }: GuestSearch): boolean {
  return /\b(cpu|memory|pids)\b/.test(sort) || parseQuery(q).some(({ test }) => test?.kind === 'amount');
}

/**
 * Asks ahead for what a search finds first, as its words are typed: the page is drawn with them meanwhile. `part`: rows of an answer, as
 * the table or the board asks for them.
 */
export function useSearchAhead(part: number = PART): (search: GuestSearch) => void {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useCallback(
    (search) => {
      const input = { ...search, offset: 0, limit: part };
      void client.prefetchQuery(trpc.guest.search.queryOptions(input, { gcTime: FORGET_AFTER }));
    },
    [trpc, client, part],
  );
}

/** The guests that a search finds: those parts of the list that are seen, kept true by the event stream. */
export function useGuestSearch(search: GuestSearch) {
  const trpc = useTRPC();
  const [seen, setSeen] = useState({ first: 0, last: 0 });
  const [first, last] = [Math.floor(seen.first / PART), Math.floor(seen.last / PART)];
  const options = (part: number) =>
    trpc.guest.search.queryOptions(
      { ...search, offset: part * PART, limit: PART },
      { gcTime: FORGET_AFTER, refetchInterval: isByUsage(search) ? USAGE_EVERY : false },
    );
  const head = useQuery({ ...options(first), placeholderData: keepPreviousData });
  const others = useQueries({
    queries: Array.from({ length: last - first }, (_, index) => options(first + 1 + index)),
    combine: dataOf,
  });
  const page = head.data;
  const laid = useMemo(
    () => page && layOut(page, head.isPlaceholderData ? [page] : [page, ...others]),
    [page, others, head.isPlaceholderData],
  );
  const groups = page?.groups;
  const onRange = useCallback(
    (from: number, to: number) => {
      const entry = (index: number) => Math.max(0, index - headingsBefore(groups ?? [], index));
      setSeen({ first: entry(from), last: entry(to) });
    },
    [groups],
  );
  return { page, laid, onRange, error: head.error, retry: () => void head.refetch() };
}
