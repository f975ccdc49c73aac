'use client';

import type { ReactNode } from 'react';
import { cx, Icon } from '../../_ui/index.ts';
import { EffectList, WrittenList } from './limit-effects.tsx';
import { type LimitGroup as Group, LIMIT_NAMES, type LimitKey } from './limit-text.ts';
import { useLimitsPage } from './limits-context.ts';

export interface LimitGroupProps {
  group: Group;
  title: string;
  chart?: ReactNode;
  /** The limits that everybody sets. */
  children: ReactNode;
  /** Those that few set, folded: what they are about, and themselves. */
  more?: { summary: string; fields: ReactNode };
}

/** Limits of one kind: what is used beside what may be, and what the limits did. */
export function LimitGroup({ group, title, chart, children, more }: LimitGroupProps) {
  const { draft } = useLimitsPage();
  const isOpen = draft.keys.some((key) => LIMIT_NAMES[key].group === group && !MAIN.includes(key));
  return (
    <section aria-label={title} className="rounded-lg border border-line bg-surface">
      <div className={cx('grid', Boolean(chart) && 'lg:grid-cols-[minmax(0,1fr)_20rem]')}>
        {chart && <div className="min-w-0 p-3">{chart}</div>}
        <div
          className={cx(
            'flex min-w-0 flex-col gap-4 p-4',
            Boolean(chart) && 'border-line max-lg:border-t lg:border-l',
          )}
        >
          {!chart && <h2 className="font-medium text-sm">{title}</h2>}
          {children}
          <EffectList group={group} />
        </div>
      </div>
      <WrittenList group={group} />
      {more && (
        <details className="group/more border-line border-t" open={isOpen || undefined}>
          <summary className="flex min-h-10 cursor-pointer select-none list-none items-center gap-2 rounded-lg px-4 py-2 text-muted text-sm hover:text-ink [&::-webkit-details-marker]:hidden">
            <Icon name="right" size={14} className="group-open/more:rotate-90" />
            {more.summary}
          </summary>
          <div className="grid gap-x-6 gap-y-5 px-4 pt-1 pb-4 sm:grid-cols-2 xl:grid-cols-3">
            {more.fields}
          </div>
        </details>
      )}
    </section>
  );
}

/** In sight without unfolding anything. */
const MAIN: readonly LimitKey[] = [
  'cpu',
  'memory',
  'swap',
  'pids',
  'io',
  'networkReceive',
  'networkTransmit',
  'hugepages',
];

/** In the place of a control that this host has nothing for: the name of the limit, and why. */
export function Unavailable({ limit, reason }: { limit: LimitKey; reason: string }) {
  return (
    <div className="flex flex-col gap-1 text-sm">
      <span className="font-medium text-muted">{LIMIT_NAMES[limit].name}</span>
      <p className="wrap-anywhere flex items-start gap-2 text-muted text-xs">
        <Icon name="info" size={14} className="mt-px" />
        <span>Not on this host: {reason}.</span>
      </p>
    </div>
  );
}

/** A control, or why there is none here. */
export function IfAvailable({ limit, children }: { limit: LimitKey; children: ReactNode }) {
  const reason = useLimitsPage().lack(limit);
  return reason === null ? children : <Unavailable limit={limit} reason={reason} />;
}
