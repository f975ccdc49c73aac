'use client';

import { usePathname, useRouter } from 'next/navigation';
import { Fragment } from 'react';
import { useMay } from '../../_trpc/index.ts';
import { cx, Icon, IconButton, Menu, QuietLink } from '../../_ui/index.ts';
import { PinnedViews, usePinnedViews, viewHref } from '../views/index.ts';
import { PLACES, whyNotPlace } from './places.ts';

/** The pages that the person may see. */
function usePlaces() {
  const refusal = useMay();
  return PLACES.filter(({ href }) => whyNotPlace(refusal, href) === null);
}

/** The pages at the left; icons only where there is less room. */
export function Navigation() {
  const places = usePlaces();
  const path = usePathname();
  return (
    <nav
      aria-label="Pages"
      className="sticky top-0 flex h-dvh w-14 shrink-0 flex-col gap-1 border-line border-r bg-surface p-2 max-sm:hidden lg:w-48"
    >
      <QuietLink
        href="/guests"
        className="mb-2 flex h-10 items-center gap-2 rounded-md px-2.5 font-semibold text-lg"
      >
        <Mark />
        <span className="max-lg:sr-only">Berth</span>
      </QuietLink>
      {places.map(({ href, label, icon }) => {
        const active = path === href || path.startsWith(`${href}/`);
        return (
          <Fragment key={href}>
            <QuietLink
              href={href}
              title={label}
              aria-current={active ? 'page' : undefined}
              className={cx(
                'flex h-9 items-center gap-3 rounded-md px-3 text-base',
                active ? 'bg-selected font-medium text-ink' : 'text-muted hover:bg-hover hover:text-ink',
              )}
            >
              <Icon name={icon} className={active ? 'text-accent' : undefined} />
              <span className="max-lg:sr-only">{label}</span>
            </QuietLink>
            {href === '/guests' && <PinnedViews />}
          </Fragment>
        );
      })}
    </nav>
  );
}

/** The same pages on a phone: a menu in the header. */
export function NarrowNavigation() {
  const places = usePlaces();
  const router = useRouter();
  const views = usePinnedViews();
  return (
    <div className="sm:hidden">
      <Menu
        align="start"
        trigger={<IconButton icon="menu" label="Pages" />}
        entries={[
          ...places.map(({ href, label, icon }) => ({ label, icon, onSelect: () => router.push(href) })),
          ...(views.length > 0 ? [{ heading: 'Views' }] : []),
          ...views.map((view) => ({
            label: `${view.name} ${view.count}`,
            onSelect: () => router.push(viewHref(view)),
          })),
        ]}
      />
    </div>
  );
}

/** The product's mark: a vessel between two quays. */
export function Mark() {
  return (
    <svg aria-hidden="true" viewBox="0 0 20 20" width={20} height={20} className="shrink-0 text-accent">
      <path d="M2 3v14M18 3v14" stroke="currentColor" strokeWidth={2.4} strokeLinecap="round" />
      <path d="M5.5 9h9l-1.6 5.2H7.1z" fill="currentColor" />
    </svg>
  );
}
