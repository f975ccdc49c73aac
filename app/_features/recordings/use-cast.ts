'use client';

import { useQuery } from '@tanstack/react-query';
import { type Cast, parseCast } from './cast.ts';

async function readCast(id: string): Promise<Cast> {
  const answer = await fetch(`/api/recordings/${encodeURIComponent(id)}.cast`);
  if (!answer.ok) {
    const body: unknown = await answer.json().catch(() => null);
    const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : null;
    throw new Error(String(message ?? `the server answered ${answer.status}`));
  }
  return parseCast(await answer.text());
}

/** The file of a recording, read once: what is added meanwhile comes with `refetch`. */
export function useCast(id: string) {
  return useQuery({
    queryKey: ['recording-file', id],
    queryFn: () => readCast(id),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: 1,
    structuralSharing: false,
  });
}
