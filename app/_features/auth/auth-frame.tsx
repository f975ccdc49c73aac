'use client';

import type { ReactNode } from 'react';
import { FollowDatabase, useDatabaseAway } from '../../_trpc/index.ts';
import { clockTime, Icon } from '../../_ui/index.ts';

/** The frame of the pages before the console: a heading, what it is about, one form. */
export function AuthFrame({
  title,
  about,
  children,
}: {
  title: string;
  about?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <main className="flex min-h-dvh items-start justify-center px-4 py-8 sm:items-center sm:py-16">
      <div className="flex w-full max-w-sm flex-col gap-6">
        <div className="flex flex-col gap-2">
          <p className="font-semibold text-accent">Berth</p>
          <h1 className="font-semibold text-xl">{title}</h1>
          {about && <div className="text-muted">{about}</div>}
        </div>
        <DatabaseAway />
        {children}
      </div>
    </main>
  );
}

/** Why nobody can sign in, or use a link, at this moment; gone by itself. */
function DatabaseAway() {
  const away = useDatabaseAway();
  return (
    <div role="status">
      <FollowDatabase />
      {away && (
        <p className="flex items-start gap-2 rounded-md bg-wait-soft px-3 py-2 text-sm text-wait">
          <Icon name="warning" className="mt-0.5 shrink-0" />
          <span>
            The database is away since <time dateTime={away}>{clockTime(away)}</time>: nobody can sign in or
            use a link until it answers. Guests run on.
          </span>
        </p>
      )}
    </div>
  );
}
