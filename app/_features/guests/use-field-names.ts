'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../_trpc/index.ts';

/** Names of the fields that the projects in reach have, each once. */
export function useFieldNames(): string[] {
  const trpc = useTRPC();
  const projects = useQuery(trpc.project.list.queryOptions(undefined, { staleTime: 10_000 }));
  const names = (projects.data ?? []).flatMap(({ fields }) => fields.map(({ name }) => name));
  return [...new Set(names)].sort();
}
