'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { useTRPC } from '../../_trpc/index.ts';
import { Icon, Skeleton } from '../../_ui/index.ts';
import { useGuest, useUsageHistory } from '../guest-page/index.ts';
import { useReasonAgainst } from '../guests/index.ts';
import { ApplyBar, useGuard } from './apply-bar.tsx';
import { CpuLimits } from './cpu-limits.tsx';
import { lackOf, pressureLack } from './host-lacks.ts';
import { HugepageLimits } from './hugepage-limits.tsx';
import { IoLimits } from './io-limits.tsx';
import { KernelEvents } from './kernel-events.tsx';
import type { LimitKey } from './limit-text.ts';
import { LimitsProvider } from './limits-context.ts';
import { MemoryLimits } from './memory-limits.tsx';
import { NetworkLimits } from './network-limits.tsx';
import { PidsLimits } from './pids-limits.tsx';
import { PresetBar } from './preset-bar.tsx';
import { useEffects } from './use-effects.ts';
import { useLimitDraft } from './use-limit-draft.ts';

/** What a guest may use beside what it uses: each limit can be moved on its live graph, and what the kernel made of it is told. */
export function LimitsPage() {
  const { guest } = useGuest();
  if (guest) return <Limits key={guest.id} guest={guest} />;
  return (
    <div className="flex flex-col gap-4 p-4 sm:p-6" role="status" aria-label="reading the limits">
      {['cpu', 'memory', 'pids'].map((name) => (
        <Skeleton key={name} className="h-56" />
      ))}
    </div>
  );
}

function Limits({ guest }: { guest: GuestView }) {
  const trpc = useTRPC();
  const form = useRef<HTMLFormElement>(null);
  const { effects, error } = useEffects(guest);
  const { history } = useUsageHistory(guest);
  const host = useQuery(trpc.host.info.queryOptions()).data ?? null;
  const report = useQuery(trpc.host.check.queryOptions()).data ?? null;
  const draft = useLimitDraft(guest, effects);
  const { guard, setGuard, seconds } = useGuard();
  const against = useReasonAgainst();
  const runs = guest.initPid !== null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft.isApplying || draft.hasProblems || draft.keys.length === 0) return;
    if (against('configure', guest) === null) void draft.apply(seconds);
  };
  // The field that was refused takes the focus, so that it is seen and read out.
  const { failure } = draft;
  useEffect(() => {
    if (failure) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [failure]);

  const lack = (key: LimitKey) => lackOf(key, host, report);
  const untold = { pressure: pressureLack(report), memoryHigh: lack('memoryHigh') };

  return (
    <LimitsProvider value={{ guest, host, draft, effects, history, lack, untold }}>
      <form ref={form} onSubmit={submit} noValidate className="flex flex-col gap-4 px-4 pt-4 sm:px-6">
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
          <PresetBar draft={draft} />
          <p className="text-muted text-sm">
            {runs ? 'Changes take hold at once.' : 'It does not run: changes count from its next start.'}
          </p>
        </div>
        {error && (
          <p role="alert" className="flex items-start gap-2 text-bad text-sm">
            <Icon name="warning" className="mt-0.5" />
            What the limits do cannot be read: {error}
          </p>
        )}
        <CpuLimits />
        <MemoryLimits />
        <PidsLimits />
        <NetworkLimits />
        <IoLimits />
        <HugepageLimits />
        <KernelEvents guest={guest} />
        <div className="h-2" />
        <ApplyBar guest={guest} draft={draft} guard={guard} onGuard={setGuard} />
      </form>
    </LimitsProvider>
  );
}
