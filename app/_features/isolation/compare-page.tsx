'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { Suspense, useState } from 'react';
import { useTRPC } from '../../_trpc/index.ts';
import {
  Button,
  Chip,
  cx,
  EmptyState,
  ErrorState,
  Icon,
  Page,
  PageHeader,
  Skeleton,
} from '../../_ui/index.ts';
import { compareHref, GuestStateBadge } from '../guests/index.ts';
import { type ComparedRow, compareViews } from './compare-views.ts';
import { GuestPicker } from './guest-picker.tsx';
import { useIsolation } from './use-isolation.ts';

/** Two guests side by side: what separates each, what differs first. */
export function ComparePage() {
  return (
    <Suspense>
      <Compare />
    </Suspense>
  );
}

function Compare() {
  const router = useRouter();
  const params = useSearchParams();
  const [picking, setPicking] = useState<'a' | 'b' | null>(null);
  const [a, b] = [params.get('a'), params.get('b')];
  const pick = (name: string) => {
    const [left, right] = picking === 'a' ? [name, b] : [a ?? name, name];
    setPicking(null);
    router.replace(compareHref(left, right));
  };
  return (
    <Page>
      <PageHeader
        title="Compare guests"
        actions={
          a &&
          b && (
            <Button icon="sort" onClick={() => router.replace(compareHref(b, a))}>
              Swap sides
            </Button>
          )
        }
      />
      {a && b ? (
        <Sides key={`${a} ${b}`} a={a} b={b} onChange={setPicking} />
      ) : (
        <EmptyState
          title="Choose two guests"
          action={
            <Button look="primary" onClick={() => setPicking(a ? 'b' : 'a')}>
              {a ? `Compare ${a} with…` : 'Choose the first…'}
            </Button>
          }
        >
          Their namespaces, ids, capabilities, filters, mounts and devices are put side by side.
        </EmptyState>
      )}
      {picking && (
        <GuestPicker
          title={picking === 'a' ? 'At the left' : 'At the right'}
          without={picking === 'a' ? b : a}
          onClose={() => setPicking(null)}
          onPick={pick}
        />
      )}
    </Page>
  );
}

/** That one stands still or waits says why it shows nothing new. */
function StateOf({ name }: { name: string }) {
  const guest = useQuery(useTRPC().guest.get.queryOptions({ guest: name })).data;
  return guest ? <GuestStateBadge guest={guest} plain /> : null;
}

function Sides(props: { a: string; b: string; onChange: (side: 'a' | 'b') => void }) {
  const { a, b, onChange } = props;
  const [left, right] = [useIsolation(a), useIsolation(b)];
  const [all, setAll] = useState(false);
  const error = (!left.view && left.error) || (!right.view && right.error);
  if (error) {
    return (
      <ErrorState
        title="They cannot be compared"
        message={error}
        onRetry={() => {
          left.readAgain();
          right.readAgain();
        }}
      />
    );
  }
  if (!left.view || !right.view) return <Skeleton className="m-6 h-48" />;
  const rows = compareViews(left.view, right.view);
  const differing = rows.filter(({ same }) => !same);
  const shown = all ? rows : differing;
  const idle = [left.view, right.view].filter(({ live }) => live === null).map(({ guest }) => guest.name);
  return (
    <div className="relative min-h-0 flex-1 overflow-y-auto px-4 pb-8 sm:px-6">
      <div className="flex flex-wrap items-center gap-2 pb-3">
        <Chip pressed={!all} aside={differing.length} onClick={() => setAll(false)}>
          Differences
        </Chip>
        <Chip pressed={all} aside={rows.length} onClick={() => setAll(true)}>
          All
        </Chip>
        {idle.length > 0 && (
          <span className="inline-flex items-center gap-1.5 text-muted text-sm">
            <Icon name="info" size={14} />
            {idle.join(' and ')} {idle.length === 1 ? 'does' : 'do'} not run: only settings can be compared
          </span>
        )}
      </div>
      <table className="w-full max-w-6xl table-fixed text-left text-sm">
        <thead>
          <tr>
            <th scope="col" className="w-1/4 pr-4 max-sm:pr-2 pb-2 font-normal text-muted max-sm:w-34">
              <span className="sr-only">what</span>
            </th>
            {(['a', 'b'] as const).map((side) => (
              <th key={side} scope="col" className="pr-4 max-sm:pr-2 pb-2 align-bottom">
                <span className="flex min-w-0 flex-wrap items-center gap-x-2">
                  <Link
                    href={`/guests/${encodeURIComponent(side === 'a' ? a : b)}/isolation`}
                    className="truncate rounded-sm font-semibold text-base hover:text-accent hover:underline"
                  >
                    {side === 'a' ? a : b}
                  </Link>
                  <StateOf name={side === 'a' ? a : b} />
                  <Button look="quiet" onClick={() => onChange(side)}>
                    Another…
                  </Button>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <Groups rows={shown} />
      </table>
      {shown.length === 0 && (
        <p className="flex items-center gap-2 py-4 text-sm">
          <Icon name="done" className="text-ok" />
          Nothing differs.
        </p>
      )}
    </div>
  );
}

function Groups({ rows }: { rows: readonly ComparedRow[] }) {
  const groups = [...new Set(rows.map(({ group }) => group))];
  return groups.map((group) => (
    <tbody key={group}>
      <tr>
        <th colSpan={3} scope="rowgroup" className="border-line-strong border-b pt-4 pb-1 font-semibold">
          {group}
        </th>
      </tr>
      {rows
        .filter((row) => row.group === group)
        .map((row) => (
          <tr key={row.name} className="border-line border-b align-top">
            <th
              scope="row"
              title={row.about}
              className="wrap-anywhere py-1.5 pr-4 max-sm:pr-2 font-normal text-muted"
            >
              {row.name}
            </th>
            {[row.a, row.b].map((text, index) => (
              <td key={index === 0 ? 'a' : 'b'} className="py-1.5 pr-4 max-sm:pr-2">
                <span className={cx('wrap-anywhere font-mono text-xs', row.same && 'text-muted')}>
                  {text}
                </span>
              </td>
            ))}
          </tr>
        ))}
    </tbody>
  ));
}
