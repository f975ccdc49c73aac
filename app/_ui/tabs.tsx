'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { cx } from './cx.ts';

/** Tabs that are pages: each has its own address. The longest address that leads the current one is the active tab. */
export function Tabs({ label, items }: { label: string; items: readonly { href: string; label: string }[] }) {
  const path = usePathname();
  const active = items
    .filter((item) => path === item.href || path.startsWith(`${item.href}/`))
    .sort((a, b) => b.href.length - a.href.length)[0];
  return (
    <nav aria-label={label} className="flex overflow-x-auto border-line border-b px-2 sm:px-4">
      {items.map((item) => (
        <Link
          key={item.href}
          href={item.href}
          aria-current={item === active ? 'page' : undefined}
          className={cx(
            '-mb-px flex h-10 items-center whitespace-nowrap border-b-2 px-3 text-sm -outline-offset-2',
            item === active
              ? 'border-accent font-medium text-ink'
              : 'border-transparent text-muted hover:text-ink',
          )}
        >
          {item.label}
        </Link>
      ))}
    </nav>
  );
}
