'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import {
  lentTo,
  type NamespacePeer,
  type NamespaceSubject,
} from '../../../server/guest/namespace-rules-schema.ts';
import { useNamedGuests, useTRPC } from '../../_trpc/index.ts';

type Lent = { isolation: Pick<NamespaceSubject['isolation'], 'namespaces'> };

/** As long as nothing is known of one, nothing is said against it: the server judges again. */
const UNKNOWN = {
  kind: 'application',
  isolation: { namespaces: {}, privileged: false, idMap: null },
  running: true,
} as const;

/** Those whose namespaces a guest shares, those whose they share, and so on, as far as they are known; without itself. Pure. */
export function lenderNames(
  subject: Pick<NamespaceSubject, 'name'> & Lent,
  known: (name: string) => Lent | undefined,
): string[] {
  const names = new Set<string>();
  const visit = ({ isolation }: Lent) => {
    for (const { guest } of lentTo(isolation)) {
      if (guest === subject.name || names.has(guest)) continue;
      names.add(guest);
      const lender = known(guest);
      if (lender) visit(lender);
    }
  };
  visit(subject);
  return [...names];
}

/** The guests that the rules look at for one: those whose namespaces it shares, directly or through others. No others are read. */
export function usePeers(subject: Pick<NamespaceSubject, 'name'> & Lent): NamespacePeer[] {
  const trpc = useTRPC();
  const client = useQueryClient();
  // Each that is read is drawn with, and may name others.
  const names = lenderNames(subject, (guest) => client.getQueryData(trpc.guest.get.queryKey({ guest })));
  const found = useNamedGuests(names);
  const key = names.join('/');
  return useMemo(
    () =>
      (key === '' ? [] : key.split('/')).flatMap((name): NamespacePeer[] => {
        const guest = found.get(name);
        if (guest === 'gone') return [];
        if (!guest) return [{ name, ...UNKNOWN }];
        return [{ name, kind: guest.kind, isolation: guest.isolation, running: guest.initPid !== null }];
      }),
    [found, key],
  );
}
