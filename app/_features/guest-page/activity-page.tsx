'use client';

import { OperationList } from '../operation/index.ts';
import { useGuest } from './use-guest.ts';

/** What was done to this guest, newest first. Asked by its id: operations under an earlier name belong to it too. */
export function ActivityPage() {
  const { guest } = useGuest();
  if (!guest) return null;
  return <OperationList filter={{ subject: guest.id }} empty={`Nothing was done to ${guest.name} yet`} />;
}
