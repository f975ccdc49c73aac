'use client';

import { usePathname } from 'next/navigation';
import { useEffect, useState } from 'react';
import { useTRPCClient } from '../../_trpc/index.ts';
import { KeptSeat } from './keep-seat.ts';
import { placeOf } from './place-of.ts';
import { watchIdle } from './watch-idle.ts';

/** Tells the server which guest this window shows, and whether somebody sits at it, for as long as it is open. Renders nothing. */
export function Attendance() {
  const api = useTRPCClient();
  const path = usePathname();
  const [isIdle, setIdle] = useState(false);
  const [seat, setSeat] = useState<KeptSeat | null>(null);

  useEffect(() => watchIdle(document, setIdle), []);
  useEffect(() => {
    const kept = new KeptSeat((where, on) => api.presence.attend.subscribe(where, on));
    setSeat(kept);
    return () => kept.leave();
  }, [api]);
  useEffect(() => seat?.move({ ...placeOf(path), idle: isIdle }), [seat, path, isIdle]);
  return null;
}
